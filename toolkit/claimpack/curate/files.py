"""Files of a package, written whole or not at all."""

from __future__ import annotations

import codecs
import os
import shutil
from pathlib import Path

from claimpack import interrupts, limits
from claimpack.errors import UnreadableError, UsageError
from claimpack.files import temporary_files


def write(target: Path, data: bytes) -> None:
    """Put a file in place, written beside it first; a link keeps leading where it led.

    Raises:
        UnreadableError: It cannot be written; what was there is still there.
    """
    place = target.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}.part")
    temporary_files.note(draft)
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if place.exists():
            shutil.copymode(place, draft)
        interrupts.check()
        draft.replace(place)
    except OSError as error:
        raise UnreadableError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        temporary_files.remove(draft)


def read(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        UsageError: There is no such file.
        UnreadableError: It cannot be read.
    """
    if not path.is_file():
        raise UsageError(f"the file {path} does not exist")
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.TEXT_BYTES + 1)
    except OSError as error:
        raise UnreadableError(f"cannot read {path}: {error.strerror or error}") from error
    if len(data) > limits.TEXT_BYTES:
        size = limits.TEXT_BYTES // limits.MIB
        raise UnreadableError(f"cannot read {path}: it is larger than the limit of {size} MiB")
    return data


def decode(data: bytes, path: Path) -> str:
    """The text of a file in UTF-8, a byte order mark kept.

    Raises:
        UsageError: The bytes are no UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UsageError(f"{path} is not UTF-8 but UTF-16; save the file as UTF-8") from error
        raise UsageError(
            f"{path} is not UTF-8: the byte 0x{data[error.start]:02x} in line {line} "
            f"(byte {error.start:,}) cannot be read; save the file as UTF-8"
        ) from error


__all__ = ["decode", "read", "write"]
