"""A resource's bytes: opened safely, inflated within limits, transcoded to UTF-8."""

from __future__ import annotations

import codecs
import os
import stat
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any, cast

from claimpack.descriptor.model import Resource
from claimpack.errors import TooLargeError, UnreadableError
from claimpack.files import decompression, temporary_files
from claimpack.readers.undecodable import Undecoded, undecoded

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
LONGEST_SIGNATURE = 8
UTF8 = frozenset({"utf-8", "utf-8-sig"})


def open_regular(path: Path) -> IO[bytes]:
    """Open a regular file for reading; never waits for a pipe, never reads a device.

    Raises:
        UnreadableError: It is not a regular file, or cannot be read.
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
    folder = temporary_files.folder()
    try:
        whole = folder / "inflated"
        with whole.open("wb") as file:
            for block in blocks(resource, path):
                file.write(block)
        yield whole
    finally:
        temporary_files.remove(folder)


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
        yield from decompression.blocks(lambda: _inflater(file, resource), size, BLOCK)


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


class MisdeclaredError(UnreadableError):
    """The text is not in the encoding that the descriptor declares.

    Attributes:
        fix: What to do about it.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.fix = fix


class Transcoder:
    """Turns blocks in an encoding into blocks of UTF-8 and notes what cannot be decoded.

    Attributes:
        faults: For each line with undecodable bytes, unless taken already, the first of them.
        mark: The encoding that a byte order mark at the start tells, or empty.
        kind: What the bytes are, where they are no text; else empty.
    """

    def __init__(self, encoding: str) -> None:
        self.faults: deque[Undecoded] = deque()
        self.mark = self.kind = ""
        name = codec(encoding)
        self._name = "utf-8" if name in UTF8 else name
        self._decoder = codecs.getincrementaldecoder(self._name)(NOTING)
        self._head: bytes | None = b""
        self._marked = True
        self._fed = self._lines = 0
        self._faulty = -1

    def feed(self, block: bytes, final: bool = False) -> bytes:
        """Decode a block and give back as much as is whole, as UTF-8, without a mark.

        Raises:
            MisdeclaredError: It cannot be text in that encoding.
            TooLargeError: Too many lines cannot be decoded before one of them was taken.
        """
        if self._head is not None:
            self._head += block
            if len(self._head) < LONGEST_SIGNATURE and not final:
                return b""
            block, self._head = self._begun(self._head), None
        text = self._decoded(block, final)
        if self._marked and text:
            text, self._marked = text.removeprefix("\ufeff"), False
        return text.encode("utf-8", "replace")

    def _begun(self, data: bytes) -> bytes:
        """Look at the start of the text, and step over a byte order mark of UTF-8."""
        bom, self.mark = mark(data)
        self.kind = kind(data)
        own = tuple(own for own, encoding in MARKS if encoding == self._name != "utf-8")
        if own and data and not data.startswith(own) and not self.kind:
            raise self._misdeclared(data)
        if self.mark == "utf-8":
            self._marked, self._fed = False, len(bom)
            return data[len(bom) :]
        return data

    def _misdeclared(self, data: bytes) -> MisdeclaredError:
        """Why a text without the byte order mark that its encoding needs cannot be read."""
        name = self._name.upper()
        if self.mark:
            found, fix = f"that of {self.mark.upper()}", f'Declare "encoding": "{self.mark}"'
        elif b"\0" not in data and _is_utf8(data):
            found, fix = "none", 'Declare "encoding": "utf-8"'
        else:
            found = "none"
            fix = (
                f'Save the file as UTF-8, or declare "encoding": "{self._name}le" or '
                f'"{self._name}be"'
            )
        return MisdeclaredError(f"expected a byte order mark of {name}, found {found}", fix)

    def _decoded(self, data: bytes, final: bool) -> str:
        offset = self._fed - len(self._decoder.getstate()[0])
        self._fed += len(data)
        places: list[Undecoded] = []
        _NOTED.places = places
        try:
            text = self._decoder.decode(data, final)
        except UnicodeError as error:
            fix = "Save the file as UTF-8, or declare its encoding"
            raise MisdeclaredError(f"not valid {self._name}: {error}", fix) from error
        if places:
            text = self._located(text, [item.behind(offset) for item in places])
        self._lines += text.count("\n")
        return text

    def _located(self, text: str, places: list[Undecoded]) -> str:
        """Note the lines of what could not be decoded."""
        position, lines = 0, self._lines
        for undecodable in places:
            found = text.find(UNDECODED, position)
            lines += text.count("\n", position, found)
            position = found + 1
            if lines > self._faulty:
                self.faults.append(undecodable._replace(lines=lines))
                self._faulty = lines
        if len(self.faults) > MOST_UNDECODED:
            raise TooLargeError(f"more than {MOST_UNDECODED:,} lines of a record are not text")
        return text.replace(UNDECODED, "\ufffd")


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return True


NOTING = "claimpack-noting"
"""The name under which the codecs know how to note what they cannot decode."""
UNDECODED = "\udfff"
"""What a decoder puts in the place of such bytes; no text in an encoding holds it."""
MOST_UNDECODED = 1_000_000


class _Noted(threading.local):
    """Where the bytes are, in the block that is being decoded, and the first of them."""

    places: list[Undecoded]


_NOTED = _Noted()


def _note(error: UnicodeError) -> tuple[str, int]:
    """Note undecodable bytes, and go on behind them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    data, start = error.object, error.start
    _NOTED.places.append(undecoded(start, 0, data, start))
    if error.encoding != "utf-8":
        return UNDECODED, max(error.end, start + 1)
    # One note a line is enough, and the rest of the line is decoded faster without us.
    end = max(_line_end(data, error.end), error.end)
    return UNDECODED + data[error.end : end].decode("utf-8", "replace"), end


def _line_end(data: bytes, start: int) -> int:
    """Where a line of UTF-8 ends; without an end, where its last whole character begins."""
    end = data.find(b"\n", start)
    if end >= 0:
        return end
    end = len(data) - 4
    while end > start and data[end] & 0xC0 == 0x80:
        end -= 1
    return end


codecs.register_error(NOTING, _note)
