"""The clauses of the standard as tiny packages, and docs/conformance.md made from them.

`conformance/<document>.toml` lists clauses. Each has an `id`, the `section` that asks, what it
`asks` in our words, and the `versions` of the standard that ask it (both where none are given).
It has up to two packages: `pass` keeps the clause and is valid, `fail` breaks it. Both are
made of one table `t` in `t.csv`, from what stands in the clause, overlaid by what stands in
the package itself:

    fields                      short-hand (`id:integer name`) or a list of fields
    data, codec                 text of t.csv, and the codec that it is written in (UTF-8)
    inline                      rows within the descriptor instead of a file
    parent                      text of a second table `parent`, fields as its header has them
    files                       further files by name
    schema, dialect, resource, package    properties, put over those made
    resources                   all resources, instead of those made
    drop                        properties to leave out: `resource.name`, `schema.fields`
    null                        properties to set to null, which TOML cannot write
    descriptor                  text of datapackage.json, instead of what is made

A `fail` package says what claimpack `finds`: each error as `rule`, `rule row` or `rule row
field`, and no others. `warns` lists warnings where the clause only recommends. `verdict` is
what else the verdict is than `invalid`. `pending` says what a clause still waits for; its
test must fail as long as it stands.

`python tests/conformance.py` writes the page; `--check` only compares.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import tomllib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import claimpack
import docs
from packages import V2, Json, columns, write

CASES = Path(__file__).parent / "conformance"
PAGE = docs.DOCS / "conformance.md"
DOCUMENTS = ("data-package", "data-resource", "table-dialect", "table-schema")
REFERENCE = "5.21"
"""The version of frictionless that the page tells of."""
VERSIONS = ("1", "2")
INTRODUCTION = """\
What the standard asks of a package, clause by clause: the rule of claimpack that holds it, and
what frictionless {reference} does with the same packages. Versions 1 and 2 are those of the
Data Package standard. Each clause has a package that keeps it and one that breaks it, or one
of the two where the other makes no sense; they stand in `tests/conformance/`, under the
clause's id. claimpack accepts every package that keeps a clause and refuses every one that
breaks it, with exactly the findings that the case names; a test sees to it. A recommendation
that is not followed is a warning. The last column is found by running frictionless on both
packages. Beside these, made packages are judged by both tools in
`tests/standard/test_differential.py`; what differs there, and which section decides, is listed
in `tests/differences.py`."""
SAME = "the same"
NOTICE = (
    "<!-- Made by tests/conformance.py from tests/conformance/. "
    "Change it there, then run tests/conformance.py. -->"
)


@dataclass(frozen=True)
class Clause:
    """A clause of the standard.

    Attributes:
        document: The document that it is listed under.
        raw: Its entry.
    """

    document: str
    raw: Json

    @property
    def id(self) -> str:
        """Its name, unlike every other."""
        return str(self.raw["id"])

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of the standard that ask it."""
        return tuple(self.raw.get("versions", VERSIONS))

    @property
    def pending(self) -> str:
        """Why claimpack does not hold it yet; empty where it does."""
        return str(self.raw.get("pending", ""))

    def variants(self) -> Iterator[Variant]:
        """Its packages, in each version."""
        for version in self.versions:
            for name in ("pass", "fail"):
                if name in self.raw or (name == "pass" and "fail" in self.raw):
                    yield Variant(self, name, version)


@dataclass(frozen=True)
class Variant:
    """One package of a clause: `pass` or `fail`, under version 1 or 2."""

    clause: Clause
    name: str
    version: str

    @property
    def id(self) -> str:
        """Clause, package and version."""
        return f"{self.clause.id}-{self.name}-v{self.version}"

    @property
    def own(self) -> Json:
        """What is its own."""
        found: Json = self.clause.raw.get(self.name, {})
        return found

    @property
    def finds(self) -> list[str]:
        """The errors that claimpack finds."""
        return list(self.own.get("finds", []))

    @property
    def warns(self) -> list[str]:
        """The rules that it warns of."""
        return list(self.own.get("warns", []))

    @property
    def verdict(self) -> str:
        """The verdict of claimpack."""
        return str(self.own.get("verdict", "invalid" if self.finds else "valid"))

    def get(self, key: str, default: Any) -> Any:
        """A part: its own, else the clause's."""
        return self.own.get(key, self.clause.raw.get(key, default))

    def merged(self, key: str) -> Json:
        """Properties of the clause with its own over them."""
        return {**self.clause.raw.get(key, {}), **self.own.get(key, {})}

    def make(self, folder: Path) -> Path:
        """Write the package into a folder."""
        for name, text in self.merged("files").items():
            write(folder / name, text)
        data = self.get("data", "a\n1\n")
        write(folder / "t.csv", data.encode(self.get("codec", "utf-8")))
        write(folder / "datapackage.json", self.get("descriptor", None) or self._descriptor(folder))
        return folder

    def _descriptor(self, folder: Path) -> str:
        schema = {"fields": columns(self.get("fields", "a")), **self.merged("schema")}
        resource: Json = {"name": "t", "path": "t.csv", "schema": schema}
        resource |= {"profile": "tabular-data-resource"} if self.version == "1" else {}
        if dialect := self.merged("dialect"):
            resource["dialect"] = dialect
        if (inline := self.get("inline", None)) is not None:
            del resource["path"]
            resource["data"] = inline
        resource |= self.merged("resource")
        resources = [resource, *self._parent(folder)]
        package: Json = {"name": "p", "resources": self.get("resources", resources)}
        package |= (V2 if self.version == "2" else {}) | self.merged("package")
        parts = {"package": package, "resource": resource, "schema": schema}
        for pointer in self.get("drop", []):
            part, _, name = pointer.partition(".")
            del parts[part][name]
        for pointer in self.get("null", []):
            part, _, name = pointer.partition(".")
            parts[part][name] = None
        return json.dumps(package)

    def _parent(self, folder: Path) -> list[Json]:
        text = self.get("parent", None)
        if text is None:
            return []
        header, _, rows = text.partition("\n")
        fields = columns(header.replace(",", " "))
        labels = ",".join(field["name"] for field in fields)
        write(folder / "parent.csv", f"{labels}\n{rows}")
        return [{"name": "parent", "path": "parent.csv", "schema": {"fields": fields}}]


@cache
def clauses() -> tuple[Clause, ...]:
    """Every clause, in the order of the documents."""
    found = []
    for document in DOCUMENTS:
        raw = tomllib.loads((CASES / f"{document}.toml").read_text(encoding="utf-8"))
        found += [Clause(document, item) for item in raw["clause"]]
    return tuple(found)


# Judging


def judged(folder: Path) -> tuple[str, list[str], list[str]]:
    """The verdict of claimpack, its errors as a case writes them, the rules that it warns of."""
    report = claimpack.validate(folder).to_dict()
    errors, warned = [], []
    for item in report["findings"]:
        if item["severity"] == "error":
            fields = item["field"] or ""
            joined = fields if isinstance(fields, str) else "+".join(fields)
            row = item["row"] or ""
            errors.append(f"{item['rule']} {row} {joined}" if row else item["rule"])
        elif item["severity"] == "warning":
            warned.append(item["rule"])
    return report["verdict"], errors, warned


def agrees(said: Iterable[str], found: Iterable[str]) -> bool:
    """Whether each error found is one that is said, and the other way round."""
    said, left = [*said], [*found]
    for error in said:
        match = next((item for item in left if (item + " ").startswith(error + " ")), None)
        if match is None:
            return False
        left.remove(match)
    return all(any((item + " ").startswith(error + " ") for error in said) for item in left)


def reference(folder: Path) -> str:
    """What frictionless makes of a package: `valid`, the classes of its errors, or `raises`."""
    import frictionless

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = frictionless.validate(str(folder / "datapackage.json"))
    except Exception:
        return "raises"
    errors = [*report.errors, *(error for task in report.tasks for error in task.errors)]
    kinds = dict.fromkeys(error.type for error in errors)
    return ", ".join(kinds) or "valid"


def installed() -> bool:
    """Whether the version of frictionless is here that the page tells of."""
    import frictionless

    return str(frictionless.__version__).startswith(f"{REFERENCE}.")


# The page


def page() -> str:
    """The text of docs/conformance.md; frictionless is run on every package."""
    rows = [(clause.document, _row(clause)) for clause in clauses()]
    same = sum(row[-1] == SAME for _, row in rows)
    count = (
        f"{len(rows)} clauses. frictionless {REFERENCE} gives the same verdict on all packages of "
        f"{same} of them."
    )
    parts = [NOTICE, "# Conformance", INTRODUCTION.format(reference=REFERENCE), count]
    head = ("clause", "section", "versions", "what it asks", "claimpack", "frictionless")
    for document in DOCUMENTS:
        listed = [row for own, row in rows if own == document]
        title = document.replace("-", " ").title()
        source = f"[tests/conformance/{document}.toml](../tests/conformance/{document}.toml)"
        parts += [f"## {title}", f"Cases: {source}.", docs.table(head, listed)]
    return "\n\n".join(parts) + "\n"


def _row(clause: Clause) -> tuple[str, ...]:
    versions = ", ".join(clause.versions)
    return (
        f"`{clause.id}`",
        clause.raw["section"],
        versions,
        clause.raw["asks"],
        _ours(clause),
        _theirs(clause),
    )


def _ours(clause: Clause) -> str:
    variant = Variant(clause, "fail", clause.versions[0])
    if clause.pending:
        return f"not yet: {clause.pending}"
    if "fail" not in clause.raw:
        return "accepts"
    rules = dict.fromkeys(item.split(" ")[0] for item in [*variant.finds, *variant.warns])
    if not rules:
        return "says that it was not checked"
    links = ", ".join(f"[{rule}](rules/{rule}.md)" for rule in rules)
    return links if variant.finds else f"{links} (a warning)"


def _theirs(clause: Clause) -> str:
    """What frictionless does otherwise, told once where it is the same in both versions."""
    told: dict[str, list[str]] = {}
    for variant in clause.variants():
        with tempfile.TemporaryDirectory() as folder:
            found = reference(variant.make(Path(folder)))
        if words := _otherwise(variant, found):
            told.setdefault(words, []).append(variant.version)
    lines = [
        words if len(set(versions)) == len(clause.versions) else f"{words} (v{versions[0]})"
        for words, versions in told.items()
    ]
    return "; ".join(lines) or SAME


def _otherwise(variant: Variant, found: str) -> str:
    """How its verdict differs from ours, empty where it does not."""
    if found == "raises":
        return "raises an exception"
    if variant.verdict == "invalid":
        return "accepts what breaks it" if found == "valid" else ""
    if found == "valid":
        return "accepts it unchecked" if variant.verdict == "not-checked" else ""
    kept = "refuses what keeps it" if variant.name == "pass" else "refuses it"
    return f"{kept}: {found}"


def main(argv: list[str] | None = None) -> int:
    """Write the page, or with --check say whether it differs; 1 where it does."""
    parser = argparse.ArgumentParser(description="The conformance table.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args(argv).check
    if not installed():
        print(f"the page tells of frictionless {REFERENCE}, which is not installed")
        return 0 if check else 2
    text = page()
    if check:
        differs = docs.differs(PAGE, text)
        print("run tests/conformance.py" if differs else "the page is up to date")
        return int(differs)
    PAGE.write_text(text, encoding="utf-8", newline="\n")
    print("1 page written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
