"""A resource's bytes: opened safely, inflated within limits, transcoded to UTF-8."""

from __future__ import annotations

import codecs
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from claimpack import inflating, scratch
from claimpack.descriptor.model import Resource
from claimpack.engine.undecoded import Undecoded, undecoded
from claimpack.errors import UnreadableError

BLOCK = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SIGNATURES = (
    (b"PK\x03\x04", "a zip file, such as a workbook of Excel or LibreOffice"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old workbook of Excel"),
    (b"\x1f\x8b\x08", "compressed by gzip"),
)
"""How files begin that are often named like text; no text begins so."""
UTF8 = frozenset({"utf-8", "utf-8-sig"})


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file for reading; never waits for a pipe, never reads a device.

    Raises:
        UnreadableError: It is no regular file, or cannot be read.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UnreadableError(f"could not be read: {error.strerror or error}") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableError("could not be read: not a regular file")
    return os.fdopen(handle, "rb")


def mark(head: bytes) -> tuple[bytes, str]:
    """The byte order mark that a text begins with and the encoding it tells, or empty."""
    for bom, encoding in MARKS:
        if head.startswith(bom):
            return bom, encoding
    return b"", ""


def kind(head: bytes) -> str:
    """What a file is that begins so, where it is no text; else empty."""
    return next((name for start, name in SIGNATURES if head.startswith(start)), "")


def codec(encoding: str) -> str:
    """The canonical name of an encoding."""
    return codecs.lookup(encoding).name


def source(resource: Resource, file: int) -> Iterator[bytes]:
    """The bytes of a resource's file, or of its inline text."""
    if isinstance(resource.data, str):
        return iter([resource.data.encode("utf-8", "replace")])
    return blocks(resource, resource.files[file])


@contextmanager
def as_file(resource: Resource, number: int) -> Iterator[Path]:
    """A resource's file, inflated: for formats that are read here and there, not in a stream.

    Raises:
        UnreadableError: It cannot be read or inflated, or inflates beyond the limits.
    """
    path = resource.files[number]
    if resource.compression is None:
        open_regular(path).close()
        yield path
        return
    folder = scratch.folder()
    try:
        whole = folder / "inflated"
        with whole.open("wb") as file:
            for block in blocks(resource, path):
                file.write(block)
        yield whole
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def blocks(resource: Resource, path: Path) -> Iterator[bytes]:
    """The bytes of one file of a resource, inflated.

    Raises:
        UnreadableError: The file cannot be read or inflated.
        TooLargeError: It inflates beyond the limits.
    """
    with open_regular(path) as file:
        if resource.compression is None:
            while block := file.read(BLOCK):
                yield block
            return
        size = os.fstat(file.fileno()).st_size
        yield from inflating.blocks(lambda: _inflater(file, resource), size, BLOCK)


_MODULES = {"gz": "gzip", "bz2": "bz2", "xz": "lzma"}
"""The modules of the standard library that inflate, each by its function `open`."""


def _inflater(file: IO[bytes], resource: Resource) -> IO[bytes]:
    if resource.compression in _MODULES:
        module: Any = import_module(_MODULES[resource.compression])
        return cast("IO[bytes]", module.open(file))
    if resource.compression == "zst":
        import pyarrow as pa

        return cast("IO[bytes]", pa.CompressedInputStream(file, "zstd"))
    return _member(file, resource.raw.get("innerpath"))


def _member(file: IO[bytes], named: object) -> IO[bytes]:
    """The one member of a zip file, or the one that the resource names by `innerpath`."""
    import zipfile

    archive = zipfile.ZipFile(file)
    members = [name for name in archive.namelist() if not name.endswith("/")]
    if isinstance(named, str):
        if named not in members:
            raise UnreadableError(f"could not be inflated: it has no member {named!r}")
        members = [named]
    if len(members) != 1:
        raise UnreadableError(f"could not be inflated: {len(members)} members, one expected")
    return archive.open(members[0])


class Transcoder:
    """Turns blocks in an encoding into blocks of UTF-8 and notes what cannot be decoded.

    Attributes:
        faults: Each undecodable byte run not yet taken.
        mark: The encoding that a byte order mark at the start tells, or empty.
        kind: What the bytes are, where they are no text; else empty.
    """

    def __init__(self, encoding: str) -> None:
        self.faults: list[Undecoded] = []
        self.mark = self.kind = ""
        name = codec(encoding)
        self._decoder = codecs.getincrementaldecoder(name)("strict")
        self._utf8 = name in UTF8
        self._name = name
        self._offset = 0
        self._lines = 0
        self._held = b""

    def feed(self, block: bytes, final: bool = False) -> bytes:
        """Decode a block and give back as much as is whole, as UTF-8, without a mark."""
        data = self._held + block
        start = self._offset == 0 and bool(data)
        if start:
            bom, self.mark = mark(data)
            self.kind = kind(data)
            if self.mark == "utf-8" and not self._utf8:
                data, self._offset = data[len(bom) :], len(bom)
        text, used = self._decode(data, final)
        if start:
            text = text.removeprefix(codecs.BOM_UTF8)
        self._held = data[used:]
        self._offset += used
        return text

    def _decode(self, data: bytes, final: bool) -> tuple[bytes, int]:
        out: list[bytes] = []
        position = 0
        while True:
            try:
                part, used = self._try(data[position:] if position else data, final)
            except UnicodeDecodeError as error:
                good, _ = self._try(data[position : position + error.start], True)
                out += [good, "\ufffd".encode()]
                self._lines += good.count(b"\n")
                place = position + error.start
                self.faults.append(undecoded(self._offset + place, self._lines, data, place))
                position += max(error.end, error.start + 1)
                self._decoder.reset()
                continue
            self._lines += part.count(b"\n")
            return b"".join([*out, part]), position + used

    def _try(self, data: bytes, final: bool) -> tuple[bytes, int]:
        """Decode without consuming state where it fails; (UTF-8, bytes used)."""
        if self._utf8:
            text, used = codecs.utf_8_decode(data, "strict", final)
            return (data[:used] if used != len(data) else data), used
        before = self._decoder.getstate()
        try:
            text = self._decoder.decode(data, final)
        except UnicodeDecodeError:
            self._decoder.setstate(before)
            raise
        held, state = self._decoder.getstate()
        self._decoder.setstate((b"", state))
        return text.encode("utf-8", "replace"), len(data) - len(held)
