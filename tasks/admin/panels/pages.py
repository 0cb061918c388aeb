"""Pages with panels: shown below the form, and one address for whatever is done in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from tasks.admin.base import REFUSALS, ServiceModelAdmin, refusal_of
from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.panel import Action, Panel
from tasks.admin.panels.visits import Visit
from tasks.admin.submissions import is_done, remember

#: The header by which our script asks for the panel alone, and by which it is told to go on.
ASKS, GO_ON = "X-Taskdock-Panel", "X-Taskdock-Location"
#: The answer to a script whose action was refused.
REFUSED = 422


class PanelPages(ServiceModelAdmin):
    """Pages with panels.

    An action is a POST to ``<key>/panels/<panel>/<action>/``. It answers with the page again, at
    that panel; our script is given the panel alone, and those that it touches.
    """

    change_form_template = "taskdock/panels/change_form.html"

    class Media:
        css = {"all": ["taskdock/panels.css"]}
        js = [Script(f"taskdock/{name}.js", type="module") for name in ("panels", "sort", "drop")]

    def panels(self) -> Sequence[Panel]:
        """The panels of a row's page."""
        return ()

    def panels_for(self, visit: Visit) -> list[Panel]:
        """The panels that somebody sees, in their order."""
        found = [panel for panel in self.panels() if panel.is_visible(visit)]
        return sorted(found, key=lambda panel: panel.order)

    def get_urls(self) -> list[URLPattern]:
        panel = path(
            "<path:object_id>/panels/<slug:panel>/<slug:action>/",
            self.admin_site.admin_view(require_POST(self.panel_view)),
            name=f"{self.opts.app_label}_{self.opts.model_name}_panel",
        )
        return [panel, *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = context.get("original")
        if row is not None and not context.get("is_popup"):
            visit = Visit(request, self, row, getattr(request, "taskdock_refused", None))
            panels = self.panels_for(visit)
            context["panels"] = [(panel, panel.render(visit)) for panel in panels]
            for panel in panels:
                context["media"] += panel.media
        return super().render_change_form(request, context, *args, **kwargs)

    def panel_view(
        self, request: HttpRequest, object_id: str, panel: str, action: str
    ) -> HttpResponse:
        """Do what a panel offers."""
        visit = self._visit(request, object_id)
        shown = {one.name: one for one in self.panels_for(visit)}
        if panel not in shown or action not in shown[panel].action_of:
            raise Http404
        chosen = shown[panel].action_of[action]
        if not chosen.allowed(visit):
            raise PermissionDenied
        return self._done(visit, shown, shown[panel], chosen)

    def _visit(self, request: HttpRequest, object_id: str) -> Visit:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        return Visit(request, self, row)

    def _done(
        self, visit: Visit, shown: dict[str, Panel], panel: Panel, action: Action
    ) -> HttpResponse:
        request = visit.request
        form = action.form(
            request.POST,
            request.FILES,
            visit=visit,
            panel=panel,
            action=action,
            row=request.POST.get("row"),
        )
        next_page = None
        if form.is_valid() and not form.is_preview and not is_done(request):
            try:
                values = form.cleaned_data
                result = self.written(request, lambda: action.write(visit, dict(values)))
                if action.then is not None:
                    next_page = action.then(visit, result)
                remember(request)
            except REFUSALS as error:
                form.add_refusal(refusal_of(error))
        if ASKS in request.headers:
            return self._to_script(visit, shown, form, next_page)
        self._tell(request, form)
        if form.errors or form.is_preview:
            return self._asked_again(visit, form)
        anchor = f"{self.link_to('change', quote(visit.row.pk))}#panel-{panel.name}"
        return HttpResponseRedirect(next_page or anchor)

    def _asked_again(self, visit: Visit, form: PanelForm) -> HttpResponse:
        """The page as it is, but for the form that was refused, which has what was typed."""
        request = visit.request
        request.method = "GET"
        request.taskdock_refused = form  # type: ignore[attr-defined]  # read in render_change_form
        return self.changeform_view(request, quote(str(visit.row.pk)))

    def _to_script(
        self, visit: Visit, shown: dict[str, Panel], form: PanelForm, next_page: str | None
    ) -> HttpResponse:
        request = visit.request
        if next_page is not None:
            self._tell(request, form)
            return HttpResponse(headers={GO_ON: next_page})
        # Read again: what was written may be of the row itself.
        after = self._visit(request, quote(str(visit.row.pk)))
        if form.errors or form.is_preview:
            after.refused = form
        touched = [shown[name] for name in form.panel.touches if name in shown]
        quiet = form.errors or form.is_preview
        said = "" if quiet else str(form.action.said)
        parts = [form.panel.render(after, said=said), *(one.render(after) for one in touched)]
        body = mark_safe("".join(parts))  # noqa: S308 (of templates)
        return HttpResponse(body, status=REFUSED if form.errors else 200)

    def _tell(self, request: HttpRequest, form: PanelForm) -> None:
        for text in form.refusals:
            self.message_user(request, text, messages.ERROR)
        if not (form.errors or form.is_preview):
            self.message_user(request, str(form.action.said), messages.SUCCESS)
