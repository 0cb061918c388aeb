"""People with a number of letters for a key, whose model takes Django's names away."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import get_random_string


def new_number() -> str:
    return f"M-{get_random_string(8)}"


class Member(AbstractUser):
    number = models.CharField(primary_key=True, default=new_number, max_length=20)
    first_name = None
    last_name = None
