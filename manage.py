#!/usr/bin/env python
"""Django's command line for the stand-alone site."""

import os
import sys

from config.local import prepare_environment

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    prepare_environment(sys.argv[1:])

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
