#!/usr/bin/env python
"""Django's command line for the stand-alone site."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["quickstart"]:
        from config.local import prepare_environment

        prepare_environment()

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
