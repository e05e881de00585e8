"""Where a command's output goes: the screen, a pipe or a file."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from claimpack import interrupts
from claimpack.errors import UnreadableError, UsageError
from claimpack.files import temporary_files
from claimpack.renderers import Options
from claimpack.renderers.page import Page

STALE_SECONDS = 3600


@contextlib.contextmanager
def screen(encoding: str | None = None, *, endless: bool = False) -> Iterator[IO[str]]:
    """Standard output. A reader that went away is no error: the verdict stands all the same.

    What is endless has to end then: it is told by a BrokenPipeError.
    """
    stream = sys.stdout
    if stream is None:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            yield nowhere
        return
    _prepare(stream, encoding)
    try:
        yield stream
        stream.flush()
    except BrokenPipeError:
        _discard(stream)
        if endless:
            raise
    except OSError as error:
        _discard(stream)
        raise UnreadableError(f"standard output: {error.strerror or error}") from error


@contextlib.contextmanager
def page(width: int | None = None) -> Iterator[Page]:
    """Standard output as a page of text; the width is for a stream that has none itself."""
    with screen() as stream:
        options = options_for(stream)
        yield Page(stream, replace(options, width=options.width or width))


def write_json(value: object) -> None:
    """A JSON document on standard output, invisible characters as escapes."""
    from claimpack.renderers.json import EscapingStream

    with screen("utf-8") as stream:
        text = json.dumps(value, ensure_ascii=False, indent=2)
        EscapingStream(stream).write(text + "\n")


def options_for(stream: IO[str], limit: int = 10) -> Options:
    """Colours and wrapping for a terminal only, marks that the stream's encoding can hold."""
    terminal = stream.isatty()
    width = None
    if terminal:
        import shutil

        width = shutil.get_terminal_size().columns
    return Options(limit, terminal and _may_colour(), width, _takes(stream, "✓✗…·"))


@contextlib.contextmanager
def file(target: Path) -> Iterator[IO[str]]:
    """A text file in UTF-8, written beside its place and moved there when it is whole."""
    if target.is_dir():
        raise UsageError(f"{target} is a folder; -o asks for a file")
    if target.exists() and not target.is_file():
        try:
            with target.open("w", encoding="utf-8", errors="backslashreplace") as stream:
                yield stream
        except OSError as error:
            raise UnreadableError(f"{target}: {error.strerror or error}") from error
        return
    with (
        draft(target) as place,
        place.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream,
    ):
        yield stream


@contextlib.contextmanager
def draft(target: Path) -> Iterator[Path]:
    """A path beside the target, moved there when the block ends well; nothing is left if not."""
    _sweep(target)
    place = target.with_name(f".{target.name}.{os.getpid()}.part")
    temporary_files.note(place)
    try:
        yield place
        interrupts.check()
        with place.open("rb") as written:
            os.fsync(written.fileno())
        place.replace(target)
    except OSError as error:
        raise UnreadableError(f"{target}: {error.strerror or error}") from error
    finally:
        temporary_files.remove(place)


def expect_writable(target: Path) -> None:
    """Asked before a long run: whether a file can be put there.

    Raises:
        UsageError: The target is a folder.
        UnreadableError: Its folder is not there, or cannot be written to.
    """
    if target.is_dir():
        raise UsageError(f"{target} is a folder; -o asks for a file")
    if not target.parent.is_dir():
        raise UnreadableError(f"{target}: there is no folder {target.parent}")
    if not os.access(target.parent, os.W_OK):
        raise UnreadableError(f"{target}: the folder {target.parent} cannot be written to")


def _sweep(target: Path) -> None:
    """Remove the drafts of runs that were killed."""
    before = time.time() - STALE_SECONDS
    for draft in target.parent.glob(f".{_literal(target.name)}.*.part"):
        with contextlib.suppress(OSError):
            if draft.lstat().st_mtime < before:
                draft.unlink()


def _literal(name: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _prepare(stream: Any, encoding: str | None) -> None:
    """What the encoding cannot hold is escaped, never an exception."""
    if hasattr(stream, "reconfigure"):
        changes = {"errors": "backslashreplace"} | ({"encoding": encoding} if encoding else {})
        stream.reconfigure(**changes)


def _discard(stream: IO[str]) -> None:
    """Send what is still buffered nowhere, so that leaving does not fail once more."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _may_colour() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return os.name != "nt" or any(name in os.environ for name in ("WT_SESSION", "TERM", "ANSICON"))


def _takes(stream: IO[str], marks: str) -> bool:
    try:
        marks.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


__all__ = ["draft", "expect_writable", "file", "options_for", "page", "screen", "write_json"]
