"""Adds the permissions for others' comments, and gives them to whoever could change them before."""

from typing import Any

from django.conf import settings
from django.db import migrations, router

#: The new permissions, each with the one that included it until now.
PERMISSIONS = {
    "change_any_comment": ("change_comment", "Can change comments of others"),
    "delete_any_comment": ("delete_comment", "Can delete comments of others"),
}


def grant(apps: Any, schema_editor: Any) -> None:
    """Give each new permission to the groups and users that have the old one."""
    permissions = apps.get_model("auth", "Permission")
    alias = schema_editor.connection.alias
    if not router.allow_migrate_model(alias, permissions):
        return
    user = apps.get_model(settings.AUTH_USER_MODEL)
    for codename, (old_codename, name) in PERMISSIONS.items():
        old = (
            permissions.objects.using(alias)
            .filter(codename=old_codename, content_type__app_label="taskdock_comments")
            .first()
        )
        if old is None:
            # A new site: Django makes the permissions after the migrations.
            continue
        new, _created = permissions.objects.using(alias).get_or_create(
            codename=codename, content_type=old.content_type, defaults={"name": name}
        )
        groups = apps.get_model("auth", "Group").objects.using(alias).filter(permissions=old)
        for group in groups:
            group.permissions.add(new)
        if any(field.name == "user_permissions" for field in user._meta.many_to_many):
            for person in user._base_manager.using(alias).filter(user_permissions=old):
                person.user_permissions.add(new)


def keep(apps: Any, schema_editor: Any) -> None:
    """Leave the permissions: nothing reads them then."""


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock_comments", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="comment",
            options={
                "ordering": ["created_at", "id"],
                "permissions": [
                    ("change_any_comment", "Can change comments of others"),
                    ("delete_any_comment", "Can delete comments of others"),
                ],
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
            },
        ),
        migrations.RunPython(grant, keep, elidable=True),
    ]
