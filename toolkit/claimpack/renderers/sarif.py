"""SARIF 2.1.0, for code-scanning viewers; every finding, a run for each package."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any
from urllib.parse import quote

from claimpack.renderers import diagnosed
from claimpack.renderers.blocks import cell
from claimpack.renderers.json import EscapingStream
from claimpack.renderers.options import Options
from claimpack.renderers.printable import printable
from claimpack.renderers.words import regrade
from claimpack.report import Diagnosis, Edit, Finding, Report, Severity, Unchecked, chunks

VERSION = "2.1.0"
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
"""Name of the schema, which GitHub asks for; nothing is fetched from there."""
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
LONGEST = 200
"""Most characters of a value that a result shows."""

_SPECIAL = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\", "{": "{{", "}": "}}"})
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
    rules: dict[str, Any] = dict.fromkeys(report.rules)
    rules |= {item.cause: _cause(item) for item in report.diagnoses}
    out.write('{\n"columnKind": "unicodeCodePoints",\n"results": [')
    separator = "\n"
    for chunk in chunks(_results(report, rules, options)):
        out.write(separator + ",\n".join(chunk))
        separator = ",\n"
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


def _results(report: Report, rules: dict[str, Any], options: Options) -> Iterator[str]:
    """Each finding as JSON; notes in `rules` what is to be said of its rule."""
    places = {rule: place for place, rule in enumerate(rules)}
    for item in report.diagnoses:
        yield _dump(_diagnosis(item, places[item.cause], options))
    for finding in report.findings:
        rules[finding.rule] = rules[finding.rule] or _rule(finding)
        yield _result(finding, places[finding.rule], options)


def _cause(item: Diagnosis) -> dict[str, Any]:
    """What viewers show of a cause."""
    title = {"text": _message(item.cause.replace("-", " "))}
    explained = {"text": _message(f"claimpack explain {item.cause}")}
    return {"id": item.cause, "shortDescription": title, "fullDescription": title} | {
        "help": explained
    }


def _diagnosis(item: Diagnosis, rule: int, options: Options) -> dict[str, Any]:
    """A cause as a note, with its patch as a fix of the text."""
    file = item.patch[0].file if item.patch else options.descriptor
    place: dict[str, Any] = {"artifactLocation": _location(f"{options.folder}{file}")}
    if item.edits:
        place["region"] = {"startLine": item.edits[0].start[0]}
    text = f"{item.message} It {diagnosed.scope(item)}. {item.evidence} Fix: {diagnosed.fix(item)}"
    made: dict[str, Any] = {
        "ruleId": item.cause,
        "ruleIndex": rule,
        "level": "note",
        "message": {"text": _message(text)},
        "locations": [{"physicalLocation": place}],
        "properties": {"covers": item.covers, "of": item.of, "remaining": item.remaining},
    }
    if item.edits:
        changes = [_change(edit, options) for edit in item.edits]
        made["fixes"] = [{"description": {"text": item.fix}, "artifactChanges": changes}]
    return made


def _change(edit: Edit, options: Options) -> dict[str, Any]:
    region = {"startLine": edit.start[0], "startColumn": edit.start[1]}
    region |= {"endLine": edit.end[0], "endColumn": edit.end[1]}
    replaced = {"deletedRegion": region, "insertedContent": {"text": edit.text}}
    location = _location(f"{options.folder}{edit.file}")
    return {"artifactLocation": location, "replacements": [replaced]}


def _result(finding: Finding, rule: int, options: Options) -> str:
    """A result; what is the same in millions of findings is made once."""
    shown, value = cell(finding, LONGEST), ""
    if finding.value is not None:
        value = f'"value": {_dump(printable(shown))}, '
    message = [part.rstrip(".") for part in (shown, finding.message) if part]
    if finding.fix:
        message.append(f"Fix: {finding.fix.rstrip('.')}")
    line = "" if finding.line is None else f', "region": {{"startLine": {finding.line}}}'
    row = "" if finding.row is None else f'"row": {finding.row}, '
    return (
        f"{_head(finding.rule, rule, finding.severity)}"
        f'"message": {{"text": {_dump(_message(". ".join(message)))}}}, '
        f'"locations": [{{"physicalLocation": {{"artifactLocation": '
        f"{_artifact(f'{options.folder}{finding.path or options.descriptor}')}{line}}}"
        f"{_logical(finding.resource, finding.field)}}}], "
        f'"properties": {{{value}{row}'
        f"{_known(finding.resource, finding.field, finding.pointer, finding.clause, finding.fix)}"
        "}}"
    )


@functools.lru_cache
def _head(rule: str, index: int, severity: Severity) -> str:
    said = {"ruleId": rule, "ruleIndex": index, "level": LEVELS[severity]}
    return _dump(said).removesuffix("}") + ", "


@functools.lru_cache
def _known(
    resource: str | None,
    field: str | tuple[str, ...] | None,
    pointer: str | None,
    clause: str | None,
    fix: str,
) -> str:
    """The properties that repeat, without the braces."""
    known = {"resource": resource, "field": field, "pointer": pointer}
    known |= {"clause": clause, "fix": fix or None}
    said = {name: _shown(value) for name, value in known.items() if value is not None}
    return _dump(said)[1:-1]


@functools.lru_cache
def _logical(resource: str | None, field: str | tuple[str, ...] | None) -> str:
    fields = field if isinstance(field, tuple) else (field,)
    names = [
        "/".join(part for part in (resource, name) if part) for name in fields if name or resource
    ]
    if not names:
        return ""
    places = [{"fullyQualifiedName": printable(name), "kind": "member"} for name in names]
    return f', "logicalLocations": {_dump(places)}'


@functools.lru_cache
def _artifact(path: str) -> str:
    """A file's address as JSON."""
    return _dump(_location(path))


def _location(path: str) -> dict[str, str]:
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
    return printable(text).translate(_SPECIAL)


def _shown(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    return [_shown(part) for part in value] if isinstance(value, tuple) else value


_dump = json.JSONEncoder(ensure_ascii=False).encode


__all__ = ["LEVELS", "SCHEMA", "VERSION", "render", "render_all"]
