"""What looks the same is the same: copies of texts are normalized, and unique by that.

Rows from before get their copies anew; only texts beyond ASCII can differ. Tags that were told
apart by composed and decomposed forms alone become one, the oldest, with the links of all. Titles
of milestones in a project, of statuses and of priorities that were told apart so stay apart: all
but the oldest get a number behind them, as "Büro (2)".
"""

import django.db.models.functions
from django.db import migrations, models
from django.db.models import F

import tasks.models.fields
from tasks.folding import fold, normal
from tasks.models.telling_apart import TellApart

BATCH = 5000
FOLDED = (("Client", "name"), ("Project", "title"), ("Milestone", "title"), ("Task", "title"))
LINKS = ("TaskTag", "ProjectTag", "ClientTag")
_UPDATES = {
    "postgresql": (
        "UPDATE {table} SET {column} = new.text"
        " FROM unnest(%s::bigint[], %s::text[]) AS new (id, text) WHERE {table}.{key} = new.id"
    ),
    "other": "UPDATE {table} SET {column} = %s WHERE {key} = %s",
}


class _Bytes(models.Func):
    """How many bytes a text has in UTF-8."""

    function = "OCTET_LENGTH"
    output_field = models.IntegerField()

    def as_sqlite(self, compiler, connection, **extra):
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")


def beyond_ascii(rows, *columns):
    """Batches of the rows of which a text has characters of several bytes, by their keys."""
    length = django.db.models.functions.Length(columns[0])
    rows = rows.annotate(bytes=_Bytes(columns[0]), characters=length).order_by("pk")
    rows = rows.filter(bytes__gt=F("characters")).values_list("pk", *columns)
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1][0]


def write(schema_editor, model, field, texts):
    """Set a column of many rows, by their keys, in as few statements as the database takes."""
    if not texts:
        return
    connection = schema_editor.connection
    column, key = model._meta.get_field(field).column, model._meta.pk.column
    names = {"table": model._meta.db_table, "column": column, "key": key}
    quoted = {name: connection.ops.quote_name(value) for name, value in names.items()}
    sql = _UPDATES.get(connection.vendor, _UPDATES["other"]).format(**quoted)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql, [list(texts), list(texts.values())])
        else:
            cursor.executemany(sql, [(text, pk) for pk, text in texts.items()])


def refold(apps, schema_editor, folding=fold):
    """Make the folded copies anew that differ from what they are."""
    alias = schema_editor.connection.alias
    for name, source in FOLDED:
        model = apps.get_model("taskdock", name)
        copy = f"folded_{source}"
        for batch in beyond_ascii(model.objects.using(alias), source, copy):
            folded = ((pk, folding(text), now) for pk, text, now in batch)
            texts = {pk: text for pk, text, now in folded if text != now}
            write(schema_editor, model, copy, texts)


def casefold_alone(apps, schema_editor):
    """Make the folded copies as they were."""
    refold(apps, schema_editor, str.casefold)


def normalize_names(apps, schema_editor):
    """Fill the copies by which names and titles are unique, and settle which of two has one."""
    alias = schema_editor.connection.alias
    for name, source in (
        ("Tag", "name"),
        ("Milestone", "title"),
        ("TaskStatus", "title"),
        ("TaskPriority", "title"),
    ):
        rows = apps.get_model("taskdock", name).objects.using(alias)
        rows.update(**{f"normal_{source}": F(source)})
    merge_tags(apps, schema_editor)
    for name, scope, longest in (
        ("Milestone", "project_id", 255),
        ("TaskStatus", None, 100),
        ("TaskPriority", None, 100),
    ):
        tell_titles_apart(apps.get_model("taskdock", name), schema_editor, scope, longest)
    normalize_keys(apps.get_model("taskdock", "ImportedKey"), schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        # It alters no table while the checks of foreign keys wait for the end.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


def merge_tags(apps, schema_editor):
    """Tags of one normal form become the oldest of them."""
    alias = schema_editor.connection.alias
    tag = apps.get_model("taskdock", "Tag")
    tags = tag.objects.using(alias)
    texts = {
        pk: normal(name)
        for batch in beyond_ascii(tags, "name")
        for pk, name in batch
        if normal(name) != name
    }
    same = tags.filter(name__in=set(texts.values())).values_list("pk", "name")
    alike = sorted({**texts, **dict(same)}.items())
    oldest = {}
    for pk, text in alike:
        oldest.setdefault(text, pk)
    merged = {pk: oldest[text] for pk, text in alike if pk != oldest[text]}
    for pk, kept in merged.items():
        for name in LINKS:
            links = apps.get_model("taskdock", name).objects.using(alias)
            doubled = links.filter(tag_id=kept).values_list("content_object_id", flat=True)
            links.filter(tag_id=pk, content_object_id__in=list(doubled)).delete()
            links.filter(tag_id=pk).update(tag_id=kept)
        tags.filter(pk=pk).delete()
    write(
        schema_editor,
        tag,
        "normal_name",
        {pk: text for pk, text in texts.items() if pk not in merged},
    )


def tell_titles_apart(model, schema_editor, scope, longest):
    """Give titles of one normal form numbers, but for the oldest; ``scope`` is where they meet."""
    rows = model.objects.using(schema_editor.connection.alias)
    found = [
        pk for batch in beyond_ascii(rows, "title") for pk, title in batch if normal(title) != title
    ]
    if not found:
        return
    scopes = (
        {None} if scope is None else set(rows.filter(pk__in=found).values_list(scope, flat=True))
    )
    for one in scopes:
        near = rows if scope is None else rows.filter(**{scope: one})
        titles = dict(near.order_by("pk").values_list("pk", "title"))
        taken = set()
        normals = {}
        everywhere = {normal(title) for title in titles.values()}
        for pk, before in titles.items():
            number, title = 1, before
            while (key := normal(title)) in taken or (number > 1 and key in everywhere):
                number += 1
                end = f" ({number})"
                title = before[: longest - len(end)] + end
            taken.add(key)
            if title != before:
                changed = {"title": title}
                if scope is not None:
                    changed["folded_title"] = fold(title)
                rows.filter(pk=pk).update(**changed)
            if key != before:
                normals[pk] = key
        write(schema_editor, model, "normal_title", normals)


def normalize_keys(model, schema_editor):
    """What rows of imported files are called; of two of one normal form the oldest keeps it."""
    rows = model.objects.using(schema_editor.connection.alias)
    for batch in beyond_ascii(rows, "key", "source"):
        for pk, key, source in batch:
            wanted = normal(key)
            if wanted != key and not rows.filter(source=source, key=wanted).exists():
                rows.filter(pk=pk).update(key=wanted)


def _normal(source, length):
    return tasks.models.fields.NormalField(
        default="", max_length=length, source=source, verbose_name="search text"
    )


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0013_recurrences")]

    operations = [
        migrations.AddField("Tag", "normal_name", _normal("name", 300), preserve_default=False),
        migrations.AddField(
            "Milestone", "normal_title", _normal("title", 765), preserve_default=False
        ),
        migrations.AddField(
            "TaskStatus", "normal_title", _normal("title", 300), preserve_default=False
        ),
        migrations.AddField(
            "TaskPriority", "normal_title", _normal("title", 300), preserve_default=False
        ),
        TellApart(
            {
                "Attachment": ["file"],
                "ImportedKey": ["source", "key"],
                "Milestone": ["title", "normal_title"],
                "Tag": ["name", "normal_name"],
                "TaskPriority": ["title", "normal_title"],
                "TaskStatus": ["title", "normal_title"],
            }
        ),
        migrations.RunPython(refold, casefold_alone),
        migrations.RunPython(normalize_names, migrations.RunPython.noop),
        migrations.RemoveConstraint("Milestone", "taskdock_milestone_title_unique"),
        migrations.AddConstraint(
            "Milestone",
            models.UniqueConstraint(
                fields=["project", "normal_title"], name="taskdock_milestone_title_unique"
            ),
        ),
        migrations.AddConstraint(
            "Tag",
            models.UniqueConstraint(fields=["normal_name"], name="taskdock_tag_normal_name"),
        ),
        migrations.AddConstraint(
            "TaskStatus",
            models.UniqueConstraint(
                fields=["normal_title"], name="taskdock_taskstatus_normal_title"
            ),
        ),
        migrations.AddConstraint(
            "TaskPriority",
            models.UniqueConstraint(
                fields=["normal_title"], name="taskdock_taskpriority_normal_title"
            ),
        ),
    ]
