"""What is unique by its text is told apart by case on MariaDB too, by a collation of its own."""

from django.db import migrations

from tasks.models.telling_apart import TellApart


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0009_imports")]

    operations = [
        TellApart(
            {
                "Attachment": ["file"],
                "ImportedKey": ["source", "key"],
                "Milestone": ["title"],
                "Tag": ["name"],
                "TaskPriority": ["title"],
                "TaskStatus": ["title"],
            }
        )
    ]
