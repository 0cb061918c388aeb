"""The site's day, whether it keeps aware times or naive ones."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """The day it is in the site's time zone."""
    now = timezone.now()
    return timezone.localdate(now) if timezone.is_aware(now) else now.date()
