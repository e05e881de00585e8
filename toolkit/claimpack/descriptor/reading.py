"""Reading a descriptor: from a path or a text to a package and its faults."""

from __future__ import annotations

import errno
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from claimpack import limits
from claimpack.descriptor import package, paths, profiles, strict, yaml_objects
from claimpack.descriptor.faults import Faults, Place, shown
from claimpack.descriptor.model import Package
from claimpack.descriptor.parts import Shelf
from claimpack.descriptor.paths import Gate
from claimpack.errors import UnreadableError, UsageError
from claimpack.report import Finding, Unchecked

NAME = "datapackage.json"
SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
"""What a zip file begins with: its first member, or its end where it has none."""
STANDARD_INPUT = "<stdin>"
"""What a descriptor that came without a file goes by in findings."""
_ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]+:/"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        package: The package, None where there is no JSON object at all.
        findings: Every fault of the descriptor.
        unchecked: What could not be checked.
        texts: The JSON files that were read, by name.
    """

    package: Package | None
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


def read(path: str | Path, *, follow_links: bool = False) -> Reading:
    """Read a data package's descriptor.

    Args:
        path: A folder that holds datapackage.json, a descriptor (in YAML where it ends in .yaml
            or .yml), or a zip file of such a folder.
        follow_links: Follow links that leave the package's folder.

    Raises:
        UsageError: There is no such file or folder, or it is an address or no regular file.
        UnreadableError: The descriptor is there and cannot be read.
    """
    if re.match(_ADDRESS, str(path)):
        raise UsageError(f"{shown(str(path))} is an address: fetch the package first")
    file = _descriptor(Path(path))
    try:
        if is_archive(file):
            return _read_archive(file)
        data = paths.read_regular(file, follow=True)
    except OSError as error:
        raise _failure(file, error) from error
    return _read(data, Gate(file.parent, follow_links), file.name)


def is_archive(file: Path) -> bool:
    """Whether it is a zip file, by its ending or its first bytes."""
    with file.open("rb") as start:
        return start.read(4) in SIGNATURES or file.suffix.lower() == ".zip"


def _read_archive(file: Path) -> Reading:
    """Read the package in a zip file; without one where a member stands against it."""
    from claimpack.descriptor.archive import Archive

    archive = Archive(file, NAME)
    faults = Faults()
    if archive.refused(Place(faults, file.name)):
        return Reading(None, tuple(faults.findings))
    try:
        archive.unpack(NAME)
    except UnreadableError as error:
        raise UnreadableError(f"the {NAME} of {shown(str(file))} {error}") from error
    data = paths.read_regular(archive.folder / NAME)
    return _read(data, Gate(archive.folder, archive=archive), NAME)


def read_text(
    text: str | bytes, base: str | Path, *, name: str = NAME, follow_links: bool = False
) -> Reading:
    """Read a descriptor that is at hand already, as from standard input.

    Args:
        text: The descriptor.
        base: Folder that its paths are relative to.
        name: Name that it goes by in findings.
        follow_links: Follow links that leave the package's folder.

    Raises:
        UsageError: The base is no folder.
    """
    if not Path(base).is_dir():
        raise UsageError(f"no such folder: {shown(str(base))}")
    return _read(text, Gate(Path(base), follow_links), name)


def _descriptor(path: Path) -> Path:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            path = path / NAME
            mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        if path.name == NAME and path.parent.is_dir():
            raise UsageError(_no_descriptor(path.parent)) from error
        raise UsageError(f"no such file or folder: {shown(str(path))}") from error
    except OSError as error:
        raise _failure(path, error) from error
    if not stat.S_ISREG(mode):
        raise UsageError(f"{shown(str(path))} is neither a regular file nor a folder")
    return path


def _no_descriptor(folder: Path) -> str:
    """That a folder holds no descriptor, and whether it holds one in YAML."""
    said = f"the folder {shown(str(folder))} holds no {NAME}"
    others = (folder / f"{Path(NAME).stem}{ending}" for ending in yaml_objects.ENDINGS)
    found = next((other for other in others if other.is_file()), None)
    if found is None:
        return said
    return (
        f"{said}, which the standard requires, but the YAML descriptor {found.name}; "
        f"name that file to read it, or convert it to JSON"
    )


def _failure(path: Path, error: OSError) -> UsageError | UnreadableError:
    if error.errno == errno.EINVAL:
        return UsageError(f"{shown(str(path))} is neither a regular file nor a folder")
    if error.errno in (errno.ENAMETOOLONG, errno.ELOOP):
        return UsageError(f"no such file or folder: {shown(str(path))}")
    reason = (error.strerror or type(error).__name__).lower()
    return UnreadableError(f"{shown(str(path))} could not be read: {reason}")


def _read(data: str | bytes, gate: Gate, name: str) -> Reading:
    faults = Faults()
    place = Place(faults, name)
    load = yaml_objects.load_object if yaml_objects.is_yaml(name) else strict.load_object
    raw = load(data, place, "the descriptor")
    found = None
    if raw is not None:
        place = Place(faults, name, standard=profiles.version(raw) or "1")
        found = package.read(raw, gate.base, place, Shelf(gate))
    if faults.full:
        why = f"there are more than the limit of {limits.DESCRIPTOR_FINDINGS:,} of a severity"
        place.unchecked("the list of the descriptor's findings", why)
    return Reading(found, told(faults), tuple(faults.unchecked), faults.texts)


def told(faults: Faults) -> tuple[Finding, ...]:
    """The findings with their lines."""
    if not faults.findings:
        return ()
    from claimpack.descriptor import lines

    return lines.with_lines(faults.findings, faults.texts, faults.lines)
