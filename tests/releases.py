"""A small package to publish, and the two doors of publish and verify."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import claimpack
import packages
from packages import Json, field, make, table

PEOPLE = "id,name,status\n1,Ann,current\n2,Bo,current\n3,Cy,current\n"
VISITS = 'visit,person,minutes,day\na,1,10,2020-01-01\nb,2,20.5,2020-01-02\n"c ""d""\n",3,,\n'
NOTES = "notes/about.md"
FORMATS = ("csv", "parquet")

Door = Callable[..., tuple[int, str]]


def package(folder: Path, files: dict[str, str] | None = None, **more: Any) -> Path:
    """A package of two tables and a file that is none; some files or properties others."""
    states = field("status", categories=["current", "withdrawn"])
    people = table(
        "people", [field("id", "integer"), field("name"), states], schema={"primaryKey": ["id"]}
    )
    link = {"fields": ["person"], "reference": {"resource": "people", "fields": ["id"]}}
    visits = table(
        "visits",
        "visit person:integer minutes:number day:date",
        schema={"primaryKey": ["visit"], "foreignKeys": [link]},
    )
    about = {"name": "about", "path": NOTES, "mediatype": "text/markdown"}
    content = {"people.csv": PEOPLE, "visits.csv": VISITS, NOTES: "# About\n", **(files or {})}
    resources = more.pop("resources", [people, visits, about])
    return make(folder, resources, content, **{**packages.V2, "version": "1.0.0", **more})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def publish_by_api(path: Path, out: Path, *args: str) -> tuple[int, str]:
    """Publish with the library: the exit code of its outcome, and what was said."""
    given = dict(zip(args[::2], args[1::2], strict=False))
    try:
        claimpack.publish(path, out, since=given.get("--since"), force="--force" in args)
    except claimpack.ClaimpackError as error:
        return error.exit_code, str(error)
    return 0, ""


def publish_by_command(path: Path, out: Path, *args: str) -> tuple[int, str]:
    """Publish with the command: the exit code, and what was said on both streams."""
    code, told, err = packages.command("publish", str(path), "-o", str(out), *args)
    assert "internal error" not in err
    assert bool(err) == (code != 0), err
    return code, told + err


def verify(release: Path | str) -> tuple[int, Json]:
    """What both doors say of a release, the same: the exit code, and the checks as JSON."""
    found: Json = json.loads(json.dumps(claimpack.verify(release).to_dict()))
    code, out, err = packages.command("verify", str(release), "-f", "json")
    assert err == ""
    assert timeless(json.loads(out)) == timeless(found)
    assert code == packages.EXIT_CODES[found["verdict"]]
    return code, found


def refuse(release: Path | str) -> tuple[int, str]:
    """The exit code and the line that both doors give where nothing can be verified."""
    code, out, err = packages.command("verify", str(release))
    assert (out, err.count("\n")) == ("", 1)
    assert "internal error" not in err
    with pytest.raises(claimpack.ClaimpackError) as raised:
        claimpack.verify(release)
    assert raised.value.exit_code == code
    return code, str(raised.value)


def timeless(found: Json) -> Json:
    """A verification without its time."""
    return {key: value for key, value in found.items() if key != "seconds"}


def faults(found: Json) -> dict[str, str]:
    """The files and folders of which a check failed, with what is wrong."""
    return {
        item["path"]: "; ".join(item["messages"])
        for item in found["checks"]
        if item["outcome"] == "failed"
    }


def checksums_hold(release: Path) -> bool:
    """Whether `sha256sum --check` finds every file as it is listed."""
    tool = shutil.which("sha256sum")
    assert tool is not None
    done = subprocess.run(
        [tool, "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=release, capture_output=True
    )
    return done.returncode == 0
