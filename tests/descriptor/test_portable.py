"""Names that Windows cannot store are warned of, in paths and in what exports make of names."""

from __future__ import annotations

from pathlib import Path

import pytest

import claimpack
from packages import V2, make, table


@pytest.mark.parametrize(
    ("path", "why", "fix"),
    [
        ("con.csv", "CON is the name of a device", '"con-1.csv"'),
        ("AUX", "AUX is the name of a device", '"AUX-1"'),
        ("nul.tar.csv", "NUL is the name of a device", '"nul-1.tar.csv"'),
        ("lpt9/data.csv", "LPT9 is the name of a device", '"lpt9-1"'),
        ("com¹.csv", "COM¹ is the name of a device", '"com¹-1.csv"'),
        ("10:30.csv", 'a name cannot contain ":"', '"10-30.csv"'),
        ("a?.csv", 'a name cannot contain "?"', '"a-.csv"'),
        ("data./t.csv", "a name cannot end with a dot", '"data"'),
        ("data /t.csv", "a name cannot end with a space", '"data"'),
    ],
)
def test_reserved_paths(path: str, why: str, fix: str, tmp_path: Path) -> None:
    """Devices with any ending, forbidden characters, a dot or a space at the end; any folder."""
    make(tmp_path, [table("t", "a", path=path)], {path: "a\n1\n"}, **V2)
    (found,) = claimpack.validate(tmp_path).findings
    assert (found.rule, found.severity) == ("reserved-name", "warning")
    assert found.message == f'Windows cannot store "{path}": {why}'
    assert found.fix == f"Rename it, for example to {fix}."


@pytest.mark.parametrize("path", ["console.csv", "com10.csv", "a.con", "./t.csv", "nul-1.csv"])
def test_other_paths(path: str, tmp_path: Path) -> None:
    """Names that only resemble those of devices are fine."""
    make(tmp_path, [table("t", "a", path=path)], {path: "a\n1\n"}, **V2)
    assert [item.rule for item in claimpack.validate(tmp_path).findings] == []


def test_reserved_names(tmp_path: Path) -> None:
    """A resource called like a device would be exported as such a file."""
    make(tmp_path, [table("prn", "a", path="t.csv")], {"t.csv": "a\n1\n"}, **V2)
    (found,) = claimpack.validate(tmp_path).findings
    assert found.rule == "reserved-name"
    assert "PRN is the name of a device" in found.message
    assert found.fix == 'Rename it, for example to "prn-1".'
