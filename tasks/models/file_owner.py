import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

TOKEN_LENGTH = 32
#: The primary key of the one row.
ONLY = 1


def new_token() -> str:
    """128 random bits."""
    return secrets.token_hex(TOKEN_LENGTH // 2)


class FileOwner(models.Model):
    """Who this database, or this schema of one, is in a storage that others may use too.

    One row. A sweep deletes only files below a folder that is named after it.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    token = models.CharField(_("token"), max_length=TOKEN_LENGTH, default=new_token)

    class Meta:
        verbose_name = _("owner of files")
        verbose_name_plural = _("owners of files")
        constraints = [
            models.CheckConstraint(name="taskdock_file_owner_once", condition=models.Q(id=ONLY))
        ]

    def __str__(self) -> str:
        return self.token
