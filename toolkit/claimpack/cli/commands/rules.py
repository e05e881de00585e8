"""claimpack rules"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.rules import Rule

EXAMPLES = """\b
Examples:
  claimpack rules
  claimpack rules -f json                 with reasons, examples and clauses
  claimpack explain foreign-key           one rule in full
"""


def command(format_name: options.TextOrJson = "text") -> int:
    """List every rule with its severity and title."""
    options.known_format(format_name, ("text", "json"))
    from claimpack.cli import output
    from claimpack.renderers.text import STYLES
    from claimpack.rules import all_rules

    rules = list(all_rules())
    if format_name == "json":
        output.write_json([_record(rule) for rule in rules])
        return 0
    width = max((len(rule.id) for rule in rules), default=0)
    with output.page() as page:
        for rule in rules:
            lead = f"{rule.id.ljust(width)}  {rule.severity.ljust(7)}  "
            title = " ".join(rule.title.split())
            page.hanging(title, lead, STYLES[rule.severity])
    return 0


def _record(rule: Rule) -> dict[str, str]:
    texts = {name.lower(): text for name, text in rule.sections.items()}
    head = {"id": rule.id, "severity": rule.severity, "scope": rule.scope, "clause": rule.clause}
    return {**head, "title": " ".join(rule.title.split()), **texts}
