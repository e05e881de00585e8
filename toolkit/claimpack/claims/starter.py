"""Starts a claims package: the descriptor, the profile's schemas, tables with headers alone."""

from __future__ import annotations

import json
import os
import re
from importlib import resources
from pathlib import Path
from typing import Any

from claimpack.curate import rows
from claimpack.errors import UnreadableError, UsageError
from claimpack.files import temporary_files

NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")


def init(target: Path, title: str = "") -> tuple[str, ...]:
    """Make a package in a new folder, named after it; the names of its tables.

    Raises:
        UsageError: The folder's name is no name of a package, or it holds files already.
        UnreadableError: It cannot be written.
    """
    target = target.absolute()
    if not NAME.fullmatch(target.name):
        raise UsageError(
            f'"{target.name}" is not a valid package name: write lower-case letters and digits, '
            "joined by hyphens"
        )
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise UsageError(f"{target} already exists and is not a folder")
        if target.is_dir() and any(target.iterdir()):
            raise UsageError(f"{target} already contains files; name a new folder")
        return _made(target, title)
    except OSError as error:
        raise UnreadableError(f"cannot write {target}: {error.strerror or error}") from error


def _made(target: Path, title: str) -> tuple[str, ...]:
    """Written beside its place and moved there whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = temporary_files.made(f".{target.name}.", target.parent, ".part")
    try:
        names = _write(draft, target.name, title)
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o777 & ~mask)
        if target.is_dir():
            target.rmdir()
        draft.rename(target)
    finally:
        temporary_files.remove(draft)
    return names


def _write(folder: Path, name: str, title: str) -> tuple[str, ...]:
    shelf = resources.files("claimpack.claims") / "starter_files"
    start: dict[str, Any] = json.loads((shelf / "datapackage.json").read_text(encoding="utf-8"))
    described = {"$schema": start.pop("$schema"), "name": name}
    described |= {"title": title} if title else {}
    _text(folder / "datapackage.json", json.dumps({**described, **start}, indent=2) + "\n")
    for resource in start["resources"]:
        schema = (shelf / resource["schema"]).read_text(encoding="utf-8")
        _text(folder / resource["schema"], schema)
        fields = [field["name"] for field in json.loads(schema)["fields"]]
        _text(folder / resource["path"], rows.line(fields))
    return tuple(resource["name"] for resource in start["resources"])


def _text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


__all__ = ["NAME", "init"]
