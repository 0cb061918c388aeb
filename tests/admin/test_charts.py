"""Charts: well-formed, harmless, with round numbers on their axes, whatever is to be drawn."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest

from tasks.admin.charts import Bar, Line, bar_chart, line_chart
from tasks.admin.charts.scales import spread, ticks, time_ticks

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script> & \"quoted\" 'too'"
DAY = dt.date(2026, 6, 17)


def bars(amounts):
    return bar_chart(
        [Bar(EVIL, amount) for amount in amounts],
        key="bars",
        title=EVIL,
        text=EVIL,
        columns=("Name", "Amount"),
        worded=str,
        ticks=ticks,
    )


def lines(*series):
    days = [DAY + dt.timedelta(weeks=number) for number in range(len(series[0]))]
    found = [Line(EVIL, values) for values in series]
    return line_chart(days, found, key="lines", title=EVIL, text=EVIL, heading="Day")


CHARTS = [
    bars([]),
    bars([0]),
    bars([7]),
    bars([3, 10_000_000, 1]),
    lines([0], [0]),
    lines([5], [2]),
    lines(list(range(60)), [0] * 60),
    lines([]),
]


def drawings(chart):
    parts = str(chart).split("<svg ")[1:]
    found = ["<svg " + part.partition("</svg>")[0] + "</svg>" for part in parts]
    return [
        ElementTree.fromstring(one.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" '))
        for one in found
        if 'role="img"' in one
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_drawing_is_well_formed_named_and_within_its_frame(chart):
    assert "<script" not in str(chart)
    assert "style=" not in str(chart)
    wide, narrow = drawings(chart)
    for svg in (wide, narrow):
        assert svg.find(f"{SVG}title").text == svg.find(f"{SVG}desc").text == EVIL
        parts = {one.get("id") for one in svg.iter() if one.get("id")}
        assert {svg.get("aria-labelledby"), svg.get("aria-describedby")} == parts
        width, height = map(float, svg.get("viewBox").split()[2:])
        for one in svg.iter():
            for name, most in (("x", width), ("x1", width), ("x2", width), ("cx", width)):
                assert 0 <= float(one.get(name, 0)) <= most
            for name in ("y", "y1", "y2", "cy", "height"):
                assert 0 <= float(one.get(name, 0)) <= height
            ends = float(one.get("x", 0)) + float(one.get("width", 0))
            assert one is svg or ends <= width
    assert {one.get("id") for one in wide.iter() if one.get("id")}.isdisjoint(
        one.get("id") for one in narrow.iter()
    )


@pytest.mark.parametrize("chart", CHARTS)
def test_numbers_are_in_a_table_besides(chart):
    html = str(chart)
    assert html.count('<th scope="row">') == len(chart.rows)
    assert html.count("<td>") == sum(len(row) - 1 for row in chart.rows)


@pytest.mark.parametrize(
    ("top", "marks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (5, [0, 1, 2, 3, 4, 5]),
        (23, [0, 5, 10, 15, 20, 25]),
        (100_001, [0, 50_000, 100_000, 150_000]),
    ],
)
def test_axis_has_round_numbers(top, marks):
    assert ticks(top) == marks


@pytest.mark.parametrize(
    ("seconds", "marks"),
    [
        (0, [0, 60]),
        (400, [0, 300, 600]),
        (3600, [0, 900, 1800, 2700, 3600]),
        (9900, [0, 3600, 7200, 10_800]),
        (115_200, [0, 36_000, 72_000, 108_000, 144_000]),
    ],
)
def test_axis_of_time_has_minutes_quarters_and_hours(seconds, marks):
    assert time_ticks(seconds) == marks


@pytest.mark.parametrize(
    ("count", "shown"), [(0, []), (1, [0]), (5, [0, 1, 2, 3, 4]), (12, [0, 3, 6, 9])]
)
def test_labels_are_spread(count, shown):
    assert list(spread(count, most=5)) == shown
