"""The WSGI application: ``uv run granian --interface wsgi config.wsgi:application``."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# All that stays for good is loaded now, and the garbage collector need not go through it again:
# that would be a tenth of each request.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
