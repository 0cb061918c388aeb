import hashlib
import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.clock import instant, instant_of_row

PREFIX = "tdk_"


def digest_of(token: str) -> str:
    """The SHA-256 of a key, in hex: all that is stored of one.

    A plain hash is enough, and fast: a key is 256 random bits, so there is nothing to guess.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class APIKey(models.Model):
    """A key to the API. Acts as its user; the key itself is shown once and not stored."""

    name = models.CharField(_("name"), max_length=100, help_text=_("Who or what uses it."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("acts as"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("What the key does is attributed to this user."),
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    is_read_only = models.BooleanField(_("read-only"), default=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def generate(cls, **fields: object) -> tuple[Self, str]:
        """A new key, not yet saved, and the token to hand out: 256 random bits behind a prefix."""
        token = PREFIX + secrets.token_urlsafe(32)
        return cls(digest=digest_of(token), hint=token[:9], **fields), token

    def is_usable(self, at: datetime) -> bool:
        """Whether the key itself is good at this moment, whatever became of its user."""
        if self.revoked_at is not None:
            return False
        return self.expires_at is None or instant_of_row(self.expires_at) > instant(at)
