"""`claimpack fix`: it shows what it would change, asks, writes, and says what remains."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

import claimpack
from packages import command, make, one, table

DATES = "id,d\n1,13/01/2020\n2,28/02/2020\n3,01/02/2020\n"
FIELDS = "id:integer d:date"


@pytest.fixture
def dates(tmp_path: Path) -> Path:
    """A package whose dates are written day/month/year."""
    return one(tmp_path / "p", DATES, FIELDS)


def written(folder: Path) -> str:
    """The descriptor's text."""
    return (folder / "datapackage.json").read_text(encoding="utf-8")


def test_a_dry_run_shows_the_diff_and_writes_nothing(dates: Path) -> None:
    """The change is shown as a unified diff, with the number of findings it resolves."""
    before = written(dates)
    code, out, err = command("fix", str(dates), "--dry-run")
    assert (code, err) == (1, "")
    assert "t: date-pattern explains 3 findings in d (3 rows)" in out
    assert "--- a/datapackage.json" in out
    assert '"format": "%d/%m/%Y"' in out
    assert written(dates) == before
    assert claimpack.fix(dates, dry_run=True).after is None


def test_yes_writes_and_reports_before_and_after(dates: Path) -> None:
    """With --yes nothing is asked; the package is validated again."""
    code, out, _ = command("fix", str(dates), "--yes")
    assert code == 0
    assert "before: 3 findings" in out
    assert "after: 0 findings" in out
    assert claimpack.validate(dates).valid
    assert (dates / "t.csv").read_text(encoding="utf-8") == DATES


def test_without_a_terminal_nothing_is_written(
    dates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is nobody to ask: a usage error that names --yes."""
    monkeypatch.setattr(sys, "stdin", None)
    before = written(dates)
    code, _, err = command("fix", str(dates))
    assert code == 2
    assert "--yes" in err
    assert written(dates) == before


@pytest.mark.parametrize(("answer", "code"), [(True, 0), (False, 1)])
def test_at_a_terminal_it_asks(
    dates: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, code: int
) -> None:
    """What is answered is done."""
    before = written(dates)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda question: answer)
    assert command("fix", str(dates))[0] == code
    assert (written(dates) == before) is not answer


def test_only_one_cause_is_fixed(tmp_path: Path) -> None:
    """--only leaves the patches of other causes out; an unknown cause is a usage error."""
    data = "id,d,b\n" + "".join(f"{i},{13 + i}/01/2020,yes\n" for i in range(5))
    folder = one(tmp_path, data, "id:integer d:date b:boolean")
    result = claimpack.fix(folder, only=["boolean-words"])
    assert [fix.diagnosis.cause for fix in result.fixes] == ["boolean-words"]
    assert result.after is not None
    assert len(result.after.findings) == 5
    assert command("fix", str(folder), "--only", "date-pattern", "--yes")[0] == 0
    with pytest.raises(claimpack.UsageError, match="no cause"):
        claimpack.fix(folder, only=["date-patern"])


def test_what_no_patch_resolves_is_named(tmp_path: Path) -> None:
    """Where only the owner can decide, the step is named and nothing is written."""
    folder = one(tmp_path, "d\n01/02/2020\n03/04/2020\n05/06/2020\n", "d:date")
    before = written(folder)
    code, out, _ = command("fix", str(folder), "--yes")
    assert code == 1
    assert "whichever is right" in out
    assert written(folder) == before
    assert [item.cause for item in claimpack.fix(folder).manual] == ["date-pattern"]


def test_a_valid_package_has_nothing_to_fix(tmp_path: Path) -> None:
    """It is told in a line."""
    code, out, _ = command("fix", str(one(tmp_path, "id\n1\n", "id:integer")))
    assert code == 0
    assert out.startswith("nothing to fix")


def test_a_zip_file_is_left_alone(dates: Path, tmp_path: Path) -> None:
    """One sentence says why."""
    packed = tmp_path / "p.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("datapackage.json", "t.csv"):
            archive.write(dates / name, name)
    data = packed.read_bytes()
    code, out, _ = command("fix", str(packed), "--yes")
    assert code == 1
    assert "Not changed: The package is in a zip file: unpack it first." in out
    assert packed.read_bytes() == data


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="no file is read-only for root")
def test_a_read_only_descriptor_is_left_alone(dates: Path) -> None:
    """One sentence says why."""
    path = dates / "datapackage.json"
    path.chmod(0o444)
    result = claimpack.fix(dates)
    assert result.after is None
    assert result.left == ("datapackage.json is read-only: make it writable first.",)


def test_a_descriptor_outside_the_package_is_left_alone(dates: Path, tmp_path: Path) -> None:
    """A schema that a link brings in from elsewhere belongs to somebody else."""
    schema = tmp_path / "elsewhere.json"
    described = json.loads(written(dates))
    resource = described["resources"][0]
    schema.write_text(json.dumps(resource["schema"]), encoding="utf-8")
    resource["schema"] = "schema.json"
    (dates / "datapackage.json").write_text(json.dumps(described), encoding="utf-8")
    (dates / "schema.json").symlink_to(schema)
    report = claimpack.validate(dates, follow_links=True)
    assert [item.cause for item in report.diagnoses] == ["date-pattern"]
    before = schema.read_bytes()
    code, out, _ = command("fix", str(dates), "--yes", "--follow-links")
    assert code == 1
    assert "Not changed: schema.json is outside the package" in out
    assert schema.read_bytes() == before


def test_two_tables_of_one_schema_are_fixed_once(tmp_path: Path) -> None:
    """The same change is written once."""
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "d", "type": "date"}]}
    resources = [{"name": n, "path": f"{n}.csv", "schema": "schema.json"} for n in ("a", "b")]
    files = {"a.csv": DATES, "b.csv": DATES, "schema.json": json.dumps(schema, indent=4)}
    folder = make(tmp_path, resources, files)
    result = claimpack.fix(folder)
    assert result.after is not None
    assert result.after.valid
    changed = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    assert changed["fields"][1] == {"name": "d", "type": "date", "format": "%d/%m/%Y"}


def test_a_schema_that_fits_another_table_is_not_changed(tmp_path: Path) -> None:
    """A patch of a shared schema must not break the other table."""
    schema = {"fields": [{"name": "id", "type": "integer"}, {"name": "d", "type": "date"}]}
    resources = [{"name": n, "path": f"{n}.csv", "schema": "schema.json"} for n in ("a", "b")]
    files = {"a.csv": DATES, "b.csv": "id,d\n1,2020-01-13\n", "schema.json": json.dumps(schema)}
    (item,) = claimpack.validate(make(tmp_path, resources, files)).diagnoses
    assert (item.patch, item.fix) == ((), "Rewrite the cells as YYYY-MM-DD.")


def test_a_patch_that_breaks_a_bound_is_not_shown(tmp_path: Path) -> None:
    """A bound in the default form would be an error of the descriptor with another format."""
    fields = [{"name": "d", "type": "date", "constraints": {"minimum": "2020-01-01"}}]
    folder = make(tmp_path, [table("t", fields)], {"t.csv": "d\n13/01/2020\n28/02/2020\n"})
    (item,) = claimpack.validate(folder).diagnoses
    assert (item.patch, item.fix) == ((), "Rewrite the cells as YYYY-MM-DD.")


def test_a_table_that_refers_to_a_large_one_is_diagnosed(tmp_path: Path) -> None:
    """References are left out of the check of a patch where the other table is large."""
    link = {"fields": "big", "reference": {"resource": "big", "fields": "id"}}
    schema = {"foreignKeys": [link]}
    resources = [
        table("big", "id:integer name", schema={"primaryKey": "id"}),
        table("t", "big:integer d:date", schema=schema),
    ]
    big = "id,name\n" + "".join(f"{i},{'n' * 60}\n" for i in range(40_000))
    files = {"big.csv": big, "t.csv": "big,d\n1,13/01/2020\n2,14/01/2020\n"}
    (item,) = claimpack.validate(make(tmp_path, resources, files)).diagnoses
    assert (item.cause, item.covers, item.remaining) == ("date-pattern", 2, 0)
