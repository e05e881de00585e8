"""Shows a report after each change of a package, until somebody ends it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

from claimpack import renderers
from claimpack.cli import output
from claimpack.cli.guard import tell
from claimpack.cli.inputs import STANDARD_INPUT, placed, refuse_input
from claimpack.errors import UnreadableError, UsageError
from claimpack.renderers.printable import printable
from claimpack.renderers.words import count

CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def watch(
    paths: list[str], settings: dict[str, Any], format_name: str, limit: int, target: Path | None
) -> int:
    """Judge a package after each change, until a signal or a reader that went away ends it."""
    from claimpack import api

    if len(paths) != 1 or paths[0] == STANDARD_INPUT or settings.pop("metadata_only"):
        raise UsageError("--watch watches the files of one package, and reads its data")
    if format_name != "text" and target is None:
        raise UsageError(f"--watch shows text; -f {format_name} needs a file, -o FILE")
    (path,) = paths
    if target is not None:
        refuse_input(target, path)
    code = 0
    try:
        for item in api.watch(path, **settings):
            code = item.report.exit_code
            if target is not None:
                _write(item, path, format_name, limit, target)
            _show(item, path, limit)
    except BrokenPipeError:
        return code
    return code


def _show(item: Any, path: str, limit: int) -> None:
    with output.screen(endless=True) as stream:
        options = output.options_for(stream, limit)
        if stream.isatty() and os.environ.get("TERM") != "dumb":
            stream.write(CLEAR)
        renderers.render(item.report, "text", stream, placed(options, path))
        _write_state(item, stream)


def _write_state(item: Any, stream: IO[str]) -> None:
    """What was checked for which change."""
    if item.changed:
        changed = printable(", ".join(item.changed))
        stream.write(f"{changed} changed; {count(len(item.checked), 'table')} checked again\n")
    stream.write("watching; press Ctrl-C to stop\n\n")


def _write(item: Any, path: str, format_name: str, limit: int, target: Path) -> None:
    """The report in its file; where that fails it is told, and the watch goes on."""
    try:
        with output.file(target) as stream:
            options = placed(renderers.Options(limit), path)
            renderers.render(item.report, format_name, stream, options)
    except UnreadableError as error:
        tell(str(error))


__all__ = ["watch"]
