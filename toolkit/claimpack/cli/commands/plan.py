"""claimpack plan"""

from __future__ import annotations

from claimpack.cli import options

EXAMPLES = """\b
Examples:
  claimpack plan                          checks and SQL of each table
  claimpack plan -f json
"""


def command(
    path: options.Package = ".",
    format_name: options.TextOrJson = "text",
    rule: options.Rules = None,
    no_config: options.NoConfig = False,
) -> int:
    """Show the checks that validate would run."""
    options.known_format(format_name, ("text", "json"))
    from claimpack import api
    from claimpack.cli import output
    from claimpack.renderers.printable import printable

    plan = api.plan(path, rules=options.graded(rule), config=not no_config)
    if format_name == "json":
        output.write_json(plan.to_dict())
        return 0
    with output.page() as page:
        for line in plan.to_text().split("\n"):
            page.line(printable(line))
    return 0
