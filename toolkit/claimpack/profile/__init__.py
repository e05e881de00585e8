"""The claims profile: the tables that it asks for and the rules of its own.

A claims data package says so by the property `claimsProfile`, or is known by its
tables: sources and passages, and claims or statistics, each with its own key.
"""

from __future__ import annotations

NOT_RULES = frozenset({"comparisons", "references", "reviews", "tables"})
"""Modules of this room that are no rules."""
