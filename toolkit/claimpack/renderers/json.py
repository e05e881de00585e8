"""The whole report as JSON, for programs; every finding, one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import IO, cast

from claimpack.renderers.options import Options
from claimpack.report import SEVERITIES, Report, Severity, Verdict

WORST_FIRST: tuple[Verdict, ...] = ("invalid", "not-checked", "valid")

UNSAFE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What JSON may hold raw and a terminal, or UTF-8, had better not get."""


def render(report: Report, stream: IO[str], options: Options) -> None:
    """Write the report; no limit applies."""
    report.write_json(cast(IO[str], EscapingStream(stream)))


def render_all(entries: Iterable[tuple[Report, Options]], stream: IO[str]) -> None:
    """Write several reports: `packages`, each with its path, then counts and verdict of all."""
    out = EscapingStream(stream)
    counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
    verdicts: set[Verdict] = set()
    out.write('{\n"packages": [')
    for number, (report, options) in enumerate(entries):
        path = json.dumps(options.path, ensure_ascii=False)
        out.write(("," if number else "") + f'\n{{"path": {path}, "report": ')
        report.write_json(cast(IO[str], out))
        out.write("}")
        verdicts.add(report.verdict)
        for severity, total in report.counts.items():
            counts[severity] += total
    worst = next((item for item in WORST_FIRST if item in verdicts), WORST_FIRST[-1])
    valid = json.dumps({"invalid": False, "not-checked": None, "valid": True}[worst])
    out.write(f'\n],\n"counts": {json.dumps(counts)},\n')
    out.write(f'"verdict": "{worst}",\n"valid": {valid}\n}}\n')


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


__all__ = ["EscapingStream", "render", "render_all"]
