"""claimpack causes"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimpack.cli import options

if TYPE_CHECKING:
    from claimpack.diagnoses import Cause

EXAMPLES = """\b
Examples:
  claimpack causes
  claimpack causes -f json                with reasons, examples and fixes
  claimpack explain date-pattern          one cause in full
"""
SHORT = "List every cause that a diagnosis can name."


def command(format_name: options.TextOrJson = "text") -> int:
    """List every cause that a diagnosis can name, with its title."""
    options.known_format(format_name, ("text", "json"))
    from claimpack.cli import output
    from claimpack.diagnoses import all_causes

    causes = list(all_causes())
    if format_name == "json":
        output.write_json([_record(cause) for cause in causes])
        return 0
    width = max((len(cause.id) for cause in causes), default=0)
    with output.page() as page:
        for cause in causes:
            page.hanging(_title(cause), f"{cause.id.ljust(width)}  ", "bold")
    return 0


def _title(cause: Cause) -> str:
    return " ".join(cause.title.split())


def _record(cause: Cause) -> dict[str, str]:
    texts = {name.lower(): text for name, text in cause.sections.items()}
    return {"id": cause.id, "scope": cause.scope, "title": _title(cause), **texts}
