"""The admin of the core app.

Django's autodiscovery finds it and fills ``django.contrib.admin.site``; a host with a site of its
own calls ``register(own_site)``.
"""

from django.contrib import admin
from django.contrib.admin import AdminSite

from tasks.admin import (
    api_keys,
    attachments,
    checklists,
    clients,
    history,
    projects,
    tags,
    tasks,
    workflow,
)


def register(site: AdminSite) -> None:
    """Register every model of the core app; one that is registered already stays as it is."""
    for group in (
        tasks,
        checklists,
        attachments,
        projects,
        clients,
        workflow,
        tags,
        api_keys,
        history,
    ):
        group.register(site)


register(admin.site)
