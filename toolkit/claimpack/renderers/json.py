"""The whole report as JSON, for programs; every finding, one a line."""

from __future__ import annotations

import re
from typing import IO, cast

from claimpack.renderers.options import Options
from claimpack.report import Report

UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What JSON may hold raw and a terminal, or UTF-8, had better not get."""


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the report; no limit applies."""
    report.write_json(cast(IO[str], EscapingStream(stream)))


class EscapingStream:
    """Passes JSON on, invisible characters as escapes: the same values, harmless on a screen."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a piece of JSON."""
        if text.isascii() and "\x7f" not in text:
            return self._stream.write(text)
        return self._stream.write(UNSAFE.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


__all__ = ["EscapingStream", "render"]
