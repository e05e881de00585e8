"""SARIF 2.1.0, for code-scanning viewers; every finding, a run for each package."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any
from urllib.parse import quote

from claimpack.renderers.blocks import cell
from claimpack.renderers.json import EscapingStream
from claimpack.renderers.options import Options
from claimpack.renderers.printable import printable
from claimpack.renderers.words import regrade
from claimpack.report import Finding, Report, Unchecked

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
"""Name of the schema, which GitHub asks for; nothing is fetched from there."""
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
LONGEST = 200
"""Most characters of a value that a result shows."""

_SPECIAL = re.compile(r"[\[\]\\]")
_ABSOLUTE = re.compile(r"/|[A-Za-z]:/")


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the report as a log of one run; no limit applies."""
    render_all([(report, options)], stream)


def render_all(entries: Iterable[tuple[Report, Options]], stream: IO[str]) -> None:
    """Write a log with a run for each report."""
    out = EscapingStream(stream)
    out.write(f'{{\n"$schema": "{SCHEMA}",\n"version": "{VERSION}",\n"runs": [')
    for number, (report, options) in enumerate(entries):
        out.write(("," if number else "") + "\n")
        _write_run(out, report, options)
    out.write("\n]\n}\n")


def _write_run(out: EscapingStream, report: Report, options: Options) -> None:
    places = {rule: place for place, rule in enumerate(report.rules)}
    rules: dict[str, Any] = dict.fromkeys(places)
    out.write('{\n"columnKind": "unicodeCodePoints",\n"results": [')
    for number, finding in enumerate(report.findings):
        rules[finding.rule] = rules[finding.rule] or _rule(finding)
        out.write(("," if number else "") + "\n")
        out.write(_dump(_result(finding, places[finding.rule], options)))
    out.write("\n]")
    for name, value in _rest(report, options, list(rules.values())):
        out.write(f",\n{_dump(name)}: {_dump(value)}")
    out.write("\n}")


def _rest(report: Report, options: Options, rules: list[Any]) -> Iterator[tuple[str, Any]]:
    """What a run says beside its results."""
    yield "tool", {"driver": {"name": "claimpack", "rules": rules}}
    yield "automationDetails", {"id": f"claimpack/{_category(options.path)}"}
    notes = [_note(item) for item in report.unchecked]
    yield (
        "invocations",
        [
            {
                "executionSuccessful": not notes,
                "exitCode": report.exit_code,
                "toolExecutionNotifications": notes,
            }
        ],
    )
    yield (
        "properties",
        {
            "package": report.package,
            "verdict": report.verdict,
            "config": [printable(regrade(item)) for item in report.config],
        },
    )


def _category(path: str) -> str:
    """A category of its own for each package, so that viewers keep them apart."""
    name = path.replace("\\", "/").strip("/")
    return "" if name in ("", ".") else f"{printable(name)}/"


def _rule(finding: Finding) -> dict[str, Any]:
    """What viewers show of a rule; each of the three texts is asked for by some."""
    return {
        "id": finding.rule,
        "shortDescription": {"text": _message(finding.rule.replace("-", " "))},
        "fullDescription": {"text": _message(finding.clause or finding.rule.replace("-", " "))},
        "help": {"text": _message(f"claimpack explain {finding.rule}")},
    }


def _result(finding: Finding, rule: int, options: Options) -> dict[str, Any]:
    said = (cell(finding, LONGEST), finding.message, finding.fix and f"Fix: {finding.fix}")
    known = {
        "resource": finding.resource,
        "field": finding.field,
        "value": cell(finding, LONGEST) if finding.value is not None else None,
        "row": finding.row,
        "pointer": finding.pointer,
        "clause": finding.clause,
        "fix": finding.fix or None,
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(". ".join(part.rstrip(".") for part in said if part))},
        "locations": [_location(finding, options)],
        "properties": {name: _shown(value) for name, value in known.items() if value is not None},
    }


def _location(finding: Finding, options: Options) -> dict[str, Any]:
    """The file and line; what has no file of its own stands in the descriptor."""
    path = f"{options.folder}{finding.path or options.descriptor}"
    physical: dict[str, Any] = {"artifactLocation": _artifact(path)}
    if finding.line is not None:
        physical["region"] = {"startLine": finding.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    fields = finding.field if isinstance(finding.field, tuple) else (finding.field,)
    names = [
        "/".join(part for part in (finding.resource, name) if part)
        for name in fields
        if name or finding.resource
    ]
    if names:
        location["logicalLocations"] = [
            {"fullyQualifiedName": printable(name), "kind": "member"} for name in names
        ]
    return location


@functools.lru_cache
def _artifact(path: str) -> dict[str, str]:
    """A file's address: relative to the source root where it is below it."""
    path = path.replace("\\", "/")
    uri = quote(path, errors="backslashreplace")
    if not _ABSOLUTE.match(path):
        return {"uri": uri, "uriBaseId": "%SRCROOT%"}
    return {"uri": f"file://{'' if uri.startswith('/') else '/'}{uri}"}


def _note(item: Unchecked) -> dict[str, Any]:
    what = ": ".join(part for part in (item.resource, item.what) if part)
    return {"level": "warning", "message": {"text": _message(f"not checked: {what}: {item.why}")}}


def _message(text: str) -> str:
    """A message's text: brackets would make links in it, braces place-holders."""
    shown = _SPECIAL.sub(r"\\\g<0>", printable(text))
    return shown.replace("{", "{{").replace("}", "}}")


def _shown(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    return [_shown(part) for part in value] if isinstance(value, tuple) else value


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


__all__ = ["LEVELS", "SCHEMA", "VERSION", "render", "render_all"]
