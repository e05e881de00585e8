"""What is valid is valid after an export: every type and format, in every format of tables."""

from __future__ import annotations

from pathlib import Path

import pytest

import claimpack
from made import KINDS, KINDS_2, PLAIN, Form
from packages import V2, Json, make

ZONED: list[tuple[Json, list[str]]] = [
    ({"type": "datetime", "format": "%Y-%m-%d %H:%M%z"}, ["2020-01-01 10:00+0200"]),
    ({"type": "time", "format": "%H:%M%z"}, ["10:30+0100"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["31/01/2020"]),
]
UNTYPED = {"99999999999999999999"}
"""What no 64 bits hold is refused with a sentence, not rounded (docs/formats.md)."""


def typed(texts: list[str]) -> list[str]:
    """The texts that typed columns can hold."""
    return [text for text in texts if text not in UNTYPED]


@pytest.mark.parametrize("name", ["parquet", "csv", "jsonl"])
def test_an_export_is_valid(name: str, tmp_path: Path) -> None:
    """A package with every type and format gives an export that claimpack finds valid."""
    kinds = [(kind, typed(good)) for kind, good, _ in [*KINDS, *KINDS_2]] + ZONED
    resources, files = [], {}
    for number, (kind, good) in enumerate(kinds):
        fields = [{"name": "n"}, {"name": "x", **kind}]
        rows = [["n", "x"], *([str(n), text] for n, text in enumerate(good))]
        described = {"name": f"k{number}", "path": f"k{number}.csv", "dialect": PLAIN}
        resources.append({**described, "schema": {"fields": fields}})
        files[f"k{number}.csv"] = Form(full=True).write(rows)
    make(tmp_path / "p", resources, files, **V2)
    claimpack.export(tmp_path / "p", tmp_path / "out", formats=[name])
    report = claimpack.validate(tmp_path / "out" / name)
    assert [(item.resource, item.message) for item in report.findings] == []
    assert report.verdict == "valid"
