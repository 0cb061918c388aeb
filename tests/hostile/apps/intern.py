"""An admin site of the host's beside Django's, which we are registered with by hand."""

from django.contrib.admin import AdminSite

import comments.admin
import tasks.admin
import timers.admin

intern = AdminSite(name="intern")
for ours in (tasks.admin, comments.admin, timers.admin):
    ours.register(intern)
