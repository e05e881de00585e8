"""claimpack explain"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from claimpack.renderers.page import Page
    from claimpack.rules import Rule

EXAMPLES = """\b
Examples:
  claimpack explain foreign-key
  claimpack rules                         list all rules
"""
LABELS = {"Fails": "Invalid example", "Passes": "Valid example"}


def command(
    rule: Annotated[str, typer.Argument(metavar="RULE", help="Id of a rule, as in a finding.")],
) -> int:
    """Explain a rule: why it exists, examples, how to fix it."""
    from claimpack.cli import output

    found = _find(rule)
    with output.page(width=80) as page:
        _write(page, found)
    return 0


def _find(rule_id: str) -> Rule:
    from claimpack.errors import UsageError
    from claimpack.rules import load, rule_names

    if rule_id in rule_names():
        return load(rule_id)
    from difflib import get_close_matches

    near = get_close_matches(rule_id, rule_names(), n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "claimpack rules lists them"
    raise UsageError(f'no rule "{rule_id}"; {hint}')


def _write(page: Page, rule: Rule) -> None:
    from claimpack.renderers.page import paragraphs
    from claimpack.renderers.text import STYLES

    severity = page.paint(rule.severity, STYLES[rule.severity])
    page.line(f"{page.paint(rule.id, 'bold')}  {severity}, scope: {rule.scope}")
    page.prose(f"{' '.join(rule.title.split())}.")
    for text in paragraphs(rule.sections.get("Why", "")):
        page.line()
        page.prose(text)
    for section, label in LABELS.items():
        if section in rule.sections:
            page.line()
            page.line(page.paint(label, "bold"))
            for line in _example(rule.sections[section]):
                page.line(line, 4)
    page.line()
    for text in paragraphs(rule.sections.get("Mend", "")):
        page.prose(text, lead="How to fix: ")
    page.prose(rule.clause, lead="Clause: ", style="dim")


def _example(text: str) -> list[str]:
    """The lines of an example without the docstring's indent, which the first has lost."""
    from inspect import cleandoc

    return cleandoc(text).splitlines()
