"""Tiny packages, made in a folder and judged through both doors.

`make` and `one` write a package; `judge` validates it with the Python API and with
the command, insists that the two say the same, and returns the report as JSON;
`expect` compares a report with what a test says of it.
"""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

Json = dict[str, Any]
Files = Mapping[str, str | bytes]
Fields = str | Sequence[Json]

V2 = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
EXIT_CODES = {"valid": 0, "invalid": 1, "not-checked": 3}
OPTIONS: dict[str, Any] = {
    "--strict": "strict",
    "--metadata-only": "metadata_only",
    "--follow-links": "follow_links",
}
RULE = "--rule="


# The two ways through the engine


def fast(patch: pytest.MonkeyPatch) -> None:
    """Small files are read as large ones are, block by block."""
    from claimpack.readers import csv_plainness

    patch.setattr(csv_plainness, "SMALL", -1)


def exactly(patch: pytest.MonkeyPatch) -> None:
    """Every file goes to the exact readers, and every row is decided by the database."""
    from claimpack.engine.scan import plain_csv, polars_predicates

    patch.setattr(plain_csv, "plain_of", lambda *_: None)
    everything = polars_predicates.Suspicion(True, {})
    patch.setattr(polars_predicates, "suspicion", lambda *_: everything)


# Making packages


def make(
    folder: Path, resources: Sequence[Any], files: Files | None = None, **package: Any
) -> Path:
    """Write a package with these resources and files into the folder; returns the folder."""
    for name, content in (files or {}).items():
        write(folder / name, content)
    descriptor = {"name": "p", **package, "resources": list(resources)}
    write(folder / "datapackage.json", json.dumps(descriptor))
    return folder


def one(
    folder: Path,
    data: str | bytes,
    fields: Fields,
    *,
    schema: Json | None = None,
    package: Json | None = None,
    **resource: Any,
) -> Path:
    """Write a package of one table `t` in `t.csv`; `fields` is short-hand or a list."""
    described = table("t", fields, schema=schema, **resource)
    return make(folder, [described], {"t.csv": data}, **(package or {}))


def table(name: str, fields: Fields, *, schema: Json | None = None, **resource: Any) -> Json:
    """A resource with a schema; its path is its name with `.csv` unless given."""
    place = {} if "data" in resource else {"path": f"{name}.csv"}
    return {
        "name": name,
        **place,
        "schema": {"fields": columns(fields), **(schema or {})},
        **resource,
    }


def columns(fields: Fields) -> list[Json]:
    """Field descriptors: `id:integer name` is short for two of them."""
    if not isinstance(fields, str):
        return list(fields)
    parts = (part.partition(":") for part in fields.split())
    return [{"name": name, "type": kind or "string"} for name, _, kind in parts]


def field(name: str, kind: str = "string", **more: Any) -> Json:
    """One field; `constraints` and other properties by name."""
    return {"name": name, "type": kind, **more}


def write(path: Path, content: str | bytes) -> None:
    """Write text as UTF-8 with its newlines as given, or bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


# Judging


def judge(path: Path | str, *args: str) -> Json:
    """The report on a package, the same from the Python API and from the command."""
    import claimpack

    report = claimpack.validate(path, **options(*args))
    by_api: Json = json.loads(json.dumps(report.to_dict()))
    code, out, err = command("validate", str(path), "--format", "json", *args)
    assert err == "", f"the command said on stderr: {err}"
    by_command: Json = json.loads(out)
    assert timeless(by_api) == timeless(by_command), "the two doors disagree"
    assert code == EXIT_CODES[by_api["verdict"]] == report.exit_code
    assert_sound(by_api)
    return by_api


def judge_apart(path: Path | str, *args: str, timeout: float = 30) -> Json:
    """The report from a process of its own, for input that might hang or kill one."""
    done = subprocess.run(
        [sys.executable, "-m", "claimpack", "validate", str(path), "--format", "json", *args],
        capture_output=True,
        check=False,
        timeout=timeout,
    )
    assert done.stderr == b"", done.stderr.decode("utf-8", "replace")
    report: Json = json.loads(done.stdout)
    assert done.returncode == EXIT_CODES[report["verdict"]]
    assert_sound(report)
    return report


def refuse(path: Path | str, *args: str) -> tuple[int, str]:
    """Exit code and the one line that both doors give where there is no report."""
    import claimpack

    code, out, err = command("validate", str(path), "--format", "json", *args)
    assert out == ""
    assert err.count("\n") == 1, f"not one line: {err}"
    assert "internal error" not in err
    with pytest.raises(claimpack.ClaimpackError) as raised:
        claimpack.validate(path, **options(*args))
    assert raised.value.exit_code == code
    return code, err


def options(*args: str) -> dict[str, Any]:
    """The library's options for the command's switches."""
    found: dict[str, Any] = {OPTIONS[arg]: True for arg in args if arg in OPTIONS}
    rules = [arg.removeprefix(RULE).partition("=") for arg in args if arg.startswith(RULE)]
    if rules:
        found["rules"] = {rule: severity for rule, _, severity in rules}
    return found | ({"config": False} if "--no-config" in args else {})


def command(*argv: str) -> tuple[int, str, str]:
    """Run a command in this process: exit code, standard output, standard error."""
    from claimpack.cli import run

    buffers = io.BytesIO(), io.BytesIO()
    out, err = (io.TextIOWrapper(buffer, encoding="utf-8", newline="") for buffer in buffers)
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(argv))
    out.flush()
    err.flush()
    return code, buffers[0].getvalue().decode("utf-8"), buffers[1].getvalue().decode("utf-8")


def timeless(report: Json) -> Json:
    """The report without the times in it."""
    tables = [{k: v for k, v in item.items() if k != "seconds"} for item in report["tables"]]
    return {k: v for k, v in report.items() if k != "seconds"} | {"tables": tables}


def assert_sound(report: Json) -> None:
    """A report agrees with itself: verdict, counts and totals follow from what it lists."""
    found = report["findings"]
    assert report["counts"] == {
        severity: sum(item["severity"] == severity for item in found)
        for severity in ("error", "warning", "info")
    }
    assert report["rules"] == {
        rule: sum(item["rule"] == rule for item in found)
        for rule in sorted({item["rule"] for item in found})
    }
    verdict = (
        "invalid"
        if report["counts"]["error"]
        else "not-checked"
        if report["unchecked"]
        else "valid"
    )
    assert report["verdict"] == verdict
    assert report["valid"] is {"valid": True, "invalid": False, "not-checked": None}[verdict]
    for item in found:
        assert item["message"], "a finding says what is wrong"
        assert "{" not in item["rule"]
        assert item["row"] is None or item["row"] >= 1
        assert item["line"] is None or item["line"] >= 1


# Comparing


def expect(report: Json, verdict: str, *errors: Json) -> Json:
    """The verdict is as said and the error-level findings are exactly these partial ones."""
    found = [item for item in report["findings"] if item["severity"] == "error"]
    assert_same(found, errors)
    assert report["verdict"] == verdict, report
    return report


def valid(report: Json, rows: int | None = None) -> Json:
    """The verdict is valid, with that many rows read in all."""
    expect(report, "valid")
    if rows is not None:
        assert count_rows(report) == rows
    return report


def unchecked(report: Json, resource: str | None = None) -> Json:
    """No error was found, and what was not checked is said; returns the first of that resource."""
    expect(report, "not-checked")
    said: list[Json] = [
        item for item in report["unchecked"] if resource is None or item["resource"] == resource
    ]
    assert said, report["unchecked"]
    assert all(item["what"] and item["why"] for item in said)
    return said[0]


def of(report: Json, rule: str, severity: str | None = None) -> list[Json]:
    """The findings of one rule."""
    return [
        item
        for item in report["findings"]
        if item["rule"] == rule and severity in (None, item["severity"])
    ]


def count_rows(report: Json) -> int:
    """Data rows read, of all tables."""
    return sum(int(item["rows"]) for item in report["tables"])


def assert_same(found: Sequence[Json], expected: Iterable[Json]) -> None:
    """Each partial finding is one of those found, none is left over on either side."""
    left = list(found)
    for partial in expected:
        match = next((item for item in left if fits(partial, item)), None)
        assert match is not None, f"no {partial} among\n" + _lines(left)
        left.remove(match)
    assert not left, "not expected:\n" + _lines(left)


def fits(partial: Json, item: Json) -> bool:
    """Whether the finding has every value that the partial one has."""
    return all(item[name] == value for name, value in partial.items())


def _lines(found: Iterable[Json]) -> str:
    return "\n".join(json.dumps(item, ensure_ascii=False) for item in found)
