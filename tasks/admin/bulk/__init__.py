"""Bulk actions with a preview, for the change list of any model."""

from tasks.admin.bulk.action import BulkAction, BulkForm, Change, Plan, Refusal
from tasks.admin.bulk.pages import function_of

__all__ = ["BulkAction", "BulkForm", "Change", "Plan", "Refusal", "function_of"]
