"""What is unique by its text is told apart by case on MariaDB too, by a collation of its own."""

from django.db import migrations

from tasks.models.telling_apart import TellApart


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0007_creation_of_assigned_tasks")]

    operations = [
        TellApart(
            {
                "Attachment": ["file"],
                "Milestone": ["title"],
                "Tag": ["name"],
                "TaskPriority": ["title"],
                "TaskStatus": ["title"],
            }
        )
    ]
