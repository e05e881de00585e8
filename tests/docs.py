"""Writes the pages of docs/ that code and data already hold; `--check` only compares.

Pages of rules and causes come from their docstrings, the data dictionary from the descriptor
and its schemas, the command reference from each command's `--help`. What `claimpack
init` starts with and CITATION.cff come from the descriptor and its schemas as well.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from inspect import cleandoc
from pathlib import Path
from typing import Any

import claimpack
from claimpack import metadata
from claimpack.cli.app import command_names
from claimpack.diagnoses import Cause, all_causes
from claimpack.rules import Rule, all_rules

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
RULES = DOCS / "rules"
CAUSES = DOCS / "causes"
STARTER = Path(claimpack.__file__).parent / "claims" / "starter_files"
RULES_NOTE = """\
Each rule has an id, which is its module's name and never changes. `claimpack explain RULE`
prints the same text as its page here. A rule that looks at the corpus needs the source
documents and belongs to `claimpack verify-sources`; all others belong to `claimpack validate`."""
CAUSES_NOTE = """\
Each cause has an id, which is its module's name and never changes. `claimpack explain CAUSE`
prints the same text as its page here. How claimpack finds causes, verifies its fixes and writes
them is told in [diagnoses](../diagnoses.md)."""
DICTIONARY_NOTE = """\
Every file is CSV in UTF-8 with a header; an empty cell is a null. A field with categories
holds the values listed below its table and no others."""
NOTICE = "<!-- Made by tests/docs.py from {origin}. Change it there, then run tests/docs.py. -->"
SHOWN_CONSTRAINTS = ("minimum", "maximum", "minLength", "maxLength", "pattern")
WIDTH = "80"

Json = dict[str, Any]


def pages() -> dict[Path, str]:
    """Every made page: its path and its text."""
    rules = tuple(all_rules())
    made = {RULES / f"{rule.id}.md": _rule_page(rule) for rule in rules}
    made[RULES / "README.md"] = _rule_index(rules)
    causes = tuple(all_causes())
    made |= {CAUSES / f"{cause.id}.md": _cause_page(cause) for cause in causes}
    made[CAUSES / "README.md"] = _cause_index(causes)
    made[DOCS / "data-dictionary.md"] = _dictionary()
    made[DOCS / "cli.md"] = _commands()
    made[ROOT / "CITATION.cff"] = _citation()
    return made | _starter()


def stale(made: dict[Path, str]) -> list[str]:
    """What differs between the made pages and those on disk, one line a page."""
    found = [
        f"{_short(path)}: {_state(path)}" for path, text in made.items() if differs(path, text)
    ]
    return found + [f"{_short(path)}: no such rule or cause" for path in _left_over(made)]


def differs(path: Path, text: str) -> bool:
    """Whether the page on disk is another, or not there; the kind of newline is no matter."""
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def write(made: dict[Path, str]) -> None:
    """Write the pages, and delete those of rules and causes that are gone."""
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    for path in _left_over(made):
        path.unlink()


def _left_over(made: dict[Path, str]) -> list[Path]:
    return sorted({*RULES.glob("*.md"), *CAUSES.glob("*.md")} - set(made))


def _short(path: Path) -> str:
    return Path(os.path.relpath(path, ROOT)).as_posix()


def _state(path: Path) -> str:
    return "out of date" if path.is_file() else "missing"


# Rules


def _rule_page(rule: Rule) -> str:
    origin = f"toolkit/{rule.module.__name__.replace('.', '/')}.py"
    parts = [
        NOTICE.format(origin=origin),
        f"# {rule.id}",
        f"{_line(rule.title)}.",
        table(("severity", "looks at", "clause"), [(rule.severity, rule.scope, rule.clause)]),
        f"## Why\n\n{_prose(rule, 'Why')}",
        f"## Invalid example\n\n{_example(rule, 'Fails')}",
        f"## Valid example\n\n{_example(rule, 'Passes')}",
        f"## How to fix\n\n{_prose(rule, 'Mend')}",
    ]
    return _page(parts)


def _prose(rule: Rule | Cause, section: str) -> str:
    return cleandoc(rule.sections[section])


def _example(rule: Rule | Cause, section: str) -> str:
    return f"```text\n{cleandoc(rule.sections[section])}\n```"


def _rule_index(rules: Iterable[Rule]) -> str:
    standard: list[tuple[str, ...]] = []
    profile: list[tuple[str, ...]] = []
    for rule in rules:
        own = rule.module.__name__.startswith("claimpack.claims.rules.")
        row = (f"[{rule.id}]({rule.id}.md)", rule.severity, rule.scope, f"{_line(rule.title)}.")
        (profile if own else standard).append(row)
    head = ("rule", "severity", "looks at", "what it says")
    return _page(
        [
            NOTICE.format(origin="the docstrings of claimpack.rules and claimpack.claims.rules"),
            "# Rules",
            RULES_NOTE,
            f"## The standard\n\n{table(head, standard)}",
            f"## The claims profile\n\n{table(head, profile)}",
        ]
    )


# Causes


def _cause_page(cause: Cause) -> str:
    parts = [
        NOTICE.format(origin=f"toolkit/{cause.module.__name__.replace('.', '/')}.py"),
        f"# {cause.id}",
        f"{_line(cause.title)}.",
        f"## Why\n\n{_prose(cause, 'Why')}",
        f"## Example\n\n{_example(cause, 'Fails')}",
        f"## How to fix\n\n{_prose(cause, 'Fix')}",
    ]
    return _page(parts)


def _cause_index(causes: Iterable[Cause]) -> str:
    rows = [
        (f"[{cause.id}]({cause.id}.md)", cause.scope, f"{_line(cause.title)}.") for cause in causes
    ]
    return _page(
        [
            NOTICE.format(origin="the docstrings of claimpack.diagnoses.causes"),
            "# Causes",
            CAUSES_NOTE,
            table(("cause", "looks at", "what it says"), rows),
        ]
    )


# Data dictionary


def _dictionary() -> str:
    package = _read("datapackage.json")
    resources = [(item, _read(item["schema"])) for item in package["resources"]]
    licences = ", ".join(item["name"] for item in package["licenses"])
    index = [(f"[{item['name']}](#{item['name']})", item["description"]) for item, _ in resources]
    return _page(
        [
            NOTICE.format(origin="datapackage.json and schemas/"),
            "# Data dictionary",
            f"Package `{package['name']}`, version {package['version']}, licence {licences}.",
            package["description"],
            DICTIONARY_NOTE,
            table(("table", "one row"), index),
            *(_table_section(item, schema) for item, schema in resources),
        ]
    )


def _read(name: str) -> Json:
    content: Json = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return content


def _table_section(resource: Json, schema: Json) -> str:
    fields = schema["fields"]
    keys = [f"- File: `{resource['path']}`"]
    keys += [f"- Primary key: {_names(schema['primaryKey'])}"]
    keys += [f"- Unique together: {_names(names)}" for names in schema.get("uniqueKeys", ())]
    keys += [
        f"- {_names(link['fields'])} → {_target(link, resource)}"
        for link in schema.get("foreignKeys", ())
    ]
    head = ("field", "type", "unit", "constraints", "example", "what it holds")
    parts = [
        f"## {resource['name']}",
        resource["description"],
        "\n".join(keys),
        table(head, (_field_row(field) for field in fields)),
        *(_categories(field) for field in fields if "categories" in field),
    ]
    return "\n\n".join(parts)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _target(link: Json, resource: Json) -> str:
    reference = link["reference"]
    table = reference["resource"] or resource["name"]
    return f"{_names(reference['fields'])} of [{table}](#{table})"


def _field_row(field: Json) -> tuple[str, ...]:
    kind = field["type"] + (f" ({field['format']})" if "format" in field else "")
    meaning = f"**{field['title']}.** {field['description']}"
    example = f"`{_literal(field['example'])}`"
    return (
        f"`{field['name']}`",
        kind,
        field.get("unit", ""),
        ", ".join(_constraints(field)),
        example,
        meaning,
    )


def _literal(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _constraints(field: Json) -> Iterator[str]:
    given = field.get("constraints", {})
    yield from (name for name in ("required", "unique") if given.get(name))
    for name in SHOWN_CONSTRAINTS:
        if name in given:
            yield f"{name} `{_literal(given[name])}`"
    if "categories" in field:
        yield "categories"


def _categories(field: Json) -> str:
    lines = [f"- `{item['value']}`: {item['label']}" for item in field["categories"]]
    return f"Values of `{field['name']}`:\n\n" + "\n".join(lines)


# What claimpack init starts with


def _citation() -> str:
    """How to cite the dataset, from its descriptor."""
    package = claimpack.open(ROOT).model
    (file,) = metadata.describe(package, metadata.Release(), ["citation"]).files
    return file.content.decode("utf-8")


def _starter() -> dict[Path, str]:
    """The descriptor and schemas of a new package: ours, without what is our subject's."""
    package = _read("datapackage.json")
    kept = {name: package[name] for name in ("$schema", "claimsProfile", "resources")}
    first = {"version": "0.1.0"}
    made = {"datapackage.json": {"$schema": kept.pop("$schema"), **first, **kept}}
    for item in package["resources"]:
        schema = _read(item["schema"])
        schema["fields"] = [_general(field) for field in schema["fields"]]
        made[item["schema"]] = schema
    return {
        STARTER / name: json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        for name, content in made.items()
    }


def _general(field: Json) -> Json:
    """A field without its example, its labels about any condition."""
    field = {name: value for name, value in field.items() if name != "example"}
    for category in field.get("categories", ()):
        category["label"] = category["label"].replace("depression", "the condition")
    return field


# Commands


def _commands() -> str:
    names = command_names()
    with ThreadPoolExecutor() as pool:
        own, *texts = pool.map(_help, ((), *((name,) for name in names)))
    return _page(
        [
            NOTICE.format(origin="claimpack COMMAND --help"),
            "# The command",
            f"```text\n{own}```",
            *(f"## {name}\n\n```text\n{text}```" for name, text in zip(names, texts, strict=True)),
        ]
    )


def _help(arguments: tuple[str, ...]) -> str:
    plain = {"COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1", "TERM": "dumb"}
    done = subprocess.run(
        [sys.executable, "-m", "claimpack", *arguments, "--help"],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, **plain},
    )
    lines = (line.rstrip() for line in done.stdout.splitlines())
    return "\n".join(lines).strip("\n") + "\n"


# Markdown


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = tuple(head)
    lines = [head, ("---",) * len(head), *(tuple(_cell(text) for text in row) for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())


def main(argv: list[str] | None = None) -> int:
    """Write the pages, or with --check say which differ; 1 where one does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    made = pages()
    if not parser.parse_args(argv).check:
        write(made)
        print(f"{len(made)} pages written")
        return 0
    found = stale(made)
    for line in found:
        print(line)
    print("run tests/docs.py" if found else f"{len(made)} pages are up to date")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
