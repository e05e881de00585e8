"""claimpack explain"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from claimpack.diagnoses import Cause
    from claimpack.renderers.page import Page
    from claimpack.rules import Rule

EXAMPLES = """\b
Examples:
  claimpack explain foreign-key
  claimpack explain date-pattern
  claimpack rules                         list all rules
  claimpack causes                        list all causes
"""
SHORT = "Explain a rule or a cause of findings."
LABELS = {"Fails": "Invalid example", "Passes": "Valid example"}


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RULE", help="Id of a rule or a cause, as in a finding or a diagnosis."
        ),
    ],
) -> int:
    """Explain a rule or a cause: why it exists, examples, how to fix it."""
    from claimpack.cli import output

    found = _find(name)
    with output.page(width=80) as page:
        _write(page, found)
    return 0


def _find(name: str) -> Rule | Cause:
    from claimpack import diagnoses, rules
    from claimpack.errors import UsageError

    if name in rules.rule_names():
        return rules.load(name)
    if name in diagnoses.cause_names():
        return diagnoses.load(name)
    from difflib import get_close_matches

    known = [*rules.rule_names(), *diagnoses.cause_names()]
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = (
        f"did you mean {' or '.join(near)}?"
        if near
        else "claimpack rules and claimpack causes list them"
    )
    raise UsageError(f'no rule or cause "{name}"; {hint}')


def _write(page: Page, found: Rule | Cause) -> None:
    from claimpack.renderers.page import paragraphs

    page.line(_heading(page, found))
    page.prose(f"{' '.join(found.title.split())}.")
    for text in paragraphs(found.sections.get("Why", "")):
        page.line()
        page.prose(text)
    for section, label in LABELS.items():
        if section in found.sections:
            page.line()
            page.line(page.paint(label, "bold"))
            for line in _example(found.sections[section]):
                page.line(line, 4)
    page.line()
    mend = found.sections.get("Mend") or found.sections.get("Fix", "")
    for text in paragraphs(mend):
        page.prose(text, lead="How to fix: ")
    clause = getattr(found, "clause", "")
    if clause:
        page.prose(clause, lead="Clause: ", style="dim")


def _heading(page: Page, found: Rule | Cause) -> str:
    from claimpack.renderers.text import STYLES

    name = page.paint(found.id, "bold")
    severity = getattr(found, "severity", None)
    if severity is None:
        return f"{name}  cause of findings, scope: {found.scope}"
    return f"{name}  {page.paint(severity, STYLES[severity])}, scope: {found.scope}"


def _example(text: str) -> list[str]:
    """The lines of an example without the docstring's indent, which the first has lost."""
    from inspect import cleandoc

    return cleandoc(text).splitlines()
