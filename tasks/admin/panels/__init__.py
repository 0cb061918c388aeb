"""Panels: parts of a row's page with actions of their own, beside its form.

Another app hands in its own by ``TaskExtension.admin_panels``.
"""

from tasks.admin.panels.forms import PanelForm, RowForm
from tasks.admin.panels.pages import PanelPages
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Rule, Visit, needs

__all__ = [
    "Action",
    "Panel",
    "PanelForm",
    "PanelPages",
    "RowForm",
    "Rule",
    "Values",
    "Visit",
    "needs",
]
