"""People whose model takes Django's names away."""

from django.contrib.auth.models import AbstractUser


class Member(AbstractUser):
    first_name = None
    last_name = None
