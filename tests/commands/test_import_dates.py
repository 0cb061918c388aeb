"""``taskdock_import``: days and timestamps as other programs write them."""

import datetime as dt

import pytest
from django.core.management import CommandError

from tasks.models import Task

pytestmark = pytest.mark.django_db

JULY = dt.date(2026, 7, 1)
DAYS = {
    "an offset": ("2026-06-30T22:00:00+0000", '"%Y-%m-%dT%H:%M:%S%z"', JULY),
    "Z": ("2026-06-30T22:00:00Z", '"%Y-%m-%dT%H:%M:%S%z"', JULY),
    "an offset of there": ("2026-06-30T23:30:00+0200", '"%Y-%m-%dT%H:%M:%S%z"', None),
    "west of Greenwich": ("2026-06-30 20:00 -0500", '"%Y-%m-%d %H:%M %z"', JULY),
    "fractions": ("2026-06-30T22:00:00.123Z", '"%Y-%m-%dT%H:%M:%S.%f%z"', JULY),
    "the name of UTC": ("30 Jun 2026 22:00 UTC", '"%d %b %Y %H:%M %Z"', JULY),
    "no zone": ("2026-06-30 23:59", '"%Y-%m-%d %H:%M"', None),
    "seconds": ("1782856800", '"epoch"', JULY),
    "seconds and a fraction": ("1782856800.5", '"epoch"', JULY),
    "milliseconds": ("1782856800000", '"epoch_ms"', JULY),
    "JavaScript": ("Tue Jun 30 2026 22:00:00 GMT+0000 (GMT+00:00)", '"javascript"', JULY),
    "JavaScript, named": (
        "Tue Jun 30 2026 22:00:00 GMT+0000 (Coordinated Universal Time)",
        '"javascript"',
        JULY,
    ),
    "the second format": ("2026-06-30T22:00:00Z", '"%d.%m.%Y", "iso"', JULY),
    "the first format": ("30.06.2026", '"%d.%m.%Y", "iso"', None),
    "ISO, a day": ("2026-06-30", "", None),
    "ISO, Z": ("2026-06-30T22:00:00Z", "", JULY),
    "ISO, fractions": ("2026-06-30T22:00:00.000Z", "", JULY),
    "ISO, nanoseconds": ("2026-06-30T22:00:00.123456789+00:00", "", JULY),
    "ISO, a blank": ("2026-06-30 22:00:00+00:00", "", JULY),
    "ISO, as Rails": ("2026-06-30 22:00:00 UTC", "", JULY),
    "ISO, no zone": ("2026-06-30T22:00:00", "", None),
    "ISO, minutes": ("2026-06-30T22:00Z", "", JULY),
}


@pytest.mark.parametrize("where", ["site", "mapping", "mapping, other name"])
@pytest.mark.parametrize("written", DAYS.values(), ids=DAYS.keys())
def test_day_of_a_timestamp_is_that_of_the_zone(run, project, settings, written, where):
    text, formats, day = written
    settings.TIME_ZONE = "Europe/Berlin" if where == "site" else "America/New_York"
    option = "timezone" if where == "mapping" else "time_zone"
    zone = "" if where == "site" else f'{option} = "Europe/Berlin"\n'
    formatted = f", formats = [{formats}]" if formats else ""
    run(
        f'title,project,due\nNight deploy,Website,"{text}"\n',
        mapping=(
            f'{zone}[fields]\ntitle = "title"\nproject = "project"\n'
            f'due_date = {{ column = "due"{formatted} }}\n'
        ),
    )
    assert Task.objects.get().due_date == (day or dt.date(2026, 6, 30))


MOMENTS = {
    "seconds": ("1782856800", '"epoch"'),
    "milliseconds": ("1782856800000", '"epoch_ms"'),
    "JavaScript": ("Tue Jun 30 2026 22:00:00 GMT+0000 (GMT)", '"javascript"'),
    "an offset": ("2026-07-01T00:00:00+0200", '"%Y-%m-%dT%H:%M:%S%z"'),
    "the mapping's zone": ("01.07.2026 00:00", '"%d.%m.%Y %H:%M"'),
    "as Rails": ("2026-06-30 22:00:00 UTC", ""),
    "UTC": ("30.06.2026 22:00 UTC", '"%d.%m.%Y %H:%M %Z"'),
    "Jira": ("01/Jul/26 12:00 AM", '"%d/%b/%y %I:%M %p"'),
}


@pytest.mark.parametrize(("text", "formats"), MOMENTS.values(), ids=MOMENTS.keys())
def test_timestamps_of_every_kind_are_read(run, project, text, formats):
    formatted = f", formats = [{formats}]" if formats else ""
    run(
        f"title,project,at\nA,Website,{text}\n",
        mapping=(
            'timezone = "Europe/Berlin"\n[fields]\ntitle = "title"\nproject = "project"\n'
            f'created_at = {{ column = "at"{formatted} }}\n'
        ),
    )
    assert Task.objects.get().created_at == dt.datetime(2026, 6, 30, 22, tzinfo=dt.UTC)


UNREADABLE = {
    "no number": ("soon", '"epoch"'),
    "digits of another script": ("١٧٨٢", '"epoch"'),
    "far away": ("99999999999999999", '"epoch"'),
    "further": ("9" * 40, '"epoch_ms"'),
    "a local zone": ("30.06.2026 22:00 CET", '"%d.%m.%Y %H:%M %Z"'),
    "a week": ("2026-W27-1", ""),
    "without dashes": ("20260630", ""),
    "no such day": ("2026-02-30T10:00:00Z", ""),
    "the end of time": ("9999-12-31T23:59:59-12:00", ""),
    "its beginning": ("0001-01-01T00:00:00+14:00", ""),
}


@pytest.mark.parametrize(("text", "formats"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_text_that_is_no_day_is_a_problem(problems, project, text, formats):
    formatted = f", formats = [{formats}]" if formats else ""
    fields = '[fields]\ntitle = "title"\nproject = "project"\n'
    lines, _ = problems(
        f"title,project,due\nA,Website,{text}\n",
        mapping=(
            f'timezone = "America/New_York"\n{fields}due_date = {{ column = "due"{formatted} }}\n'
        ),
    )
    assert lines[0].startswith('line 2, column "due": ')


def test_lenient_dates_that_cannot_be_read_are_left_out_and_named(run, project):
    mapping = (
        '[fields]\ntitle = "title"\nproject = "project"\n'
        'due_date = { column = "due", lenient = true }\n'
        'completed_at = { column = "closed", lenient = true }\nstatus = "status"\n'
    )
    told = run(
        "title,project,due,closed,status\nA,Website,every day,,\nB,Website,2026-06-30,,\n"
        "C,Website,,2026-06-01,In progress\n",
        mapping=mapping,
    )
    assert "Dates that could not be taken: 'every day' (line 2), '2026-06-01' (line 4)." in told
    days = Task.objects.order_by("pk").values_list("due_date", flat=True)
    assert list(days) == [None, dt.date(2026, 6, 30), None]


@pytest.mark.parametrize(("form", "month"), [("%d/%m/%Y", 10), ("%m/%d/%Y", 5)])
def test_command_line_gives_formats_of_dates(run, project, form, month):
    run("title,project,due_date\nA,Website,05/10/2026\n", "--date-format", form)
    assert Task.objects.get().due_date.month == month


@pytest.mark.parametrize("form", ["dd/mm/yyyy", "%d/%m", "nope", "%"])
def test_format_of_the_command_line_without_a_year_is_refused(run, project, form):
    with pytest.raises(CommandError, match="neither one of epoch, epoch_ms, iso, javascript"):
        run("title,project,due_date\nA,Website,05/10\n", "--date-format", form)
    assert not Task.objects.exists()


def test_problem_names_the_column_that_completes(problems, project):
    lines, _ = problems(
        "title,project,Done on,Changed\nA,Website,2026-06-03,2026-06-02\n",
        mapping=(
            '[fields]\ntitle = "title"\nproject = "project"\ncompleted = "Done on"\n'
            'updated_at = "Changed"\n'
        ),
    )
    assert lines == [
        'line 2, column "Changed": The Changed must be a date after or equal to Done on.'
    ]
