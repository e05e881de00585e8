"""A page of plain text: lines, indents, colours, marks, columns.

Colours are written here by hand, so that neither a pipe nor a terminal has to
wait for a terminal library.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import IO

from claimpack.renderers.options import Options

STYLES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}
ASCII = {"✓": "ok", "✗": "!!", "?": "? ", "…": "..."}
NARROWEST = 20


class Page:
    """Writes lines to a stream as the options ask. Text handed over is already printable."""

    def __init__(self, stream: IO[str], options: Options) -> None:
        self.options = options
        self._stream = stream

    def line(self, text: str = "", indent: int = 0) -> None:
        """One line, as it is."""
        self._stream.write(self._plain(f"{' ' * indent}{text}".rstrip()) + "\n")

    def prose(self, text: str, indent: int = 0, lead: str = "", style: str = "") -> None:
        """A sentence, wrapped where the page has a width; later lines hang under the first."""
        room = indent + len(lead)
        for number, part in enumerate(self._wrap(text, room)):
            start = lead if number == 0 else " " * len(lead)
            self.line(self.paint(f"{start}{part}", style), indent)

    def hanging(self, text: str, lead: str, style: str = "") -> None:
        """A text that hangs beside its lead; only the lead is in the style."""
        parts = self._wrap(text, len(lead))
        self.line(self.paint(lead, style) + parts[0])
        for part in parts[1:]:
            self.line(part, len(lead))

    def columns(self, rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> None:
        """Rows in aligned columns, a last one flush left wrapped; those flush right are given."""
        table = [tuple(row) for row in rows]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        flush = set(right)
        for row in table:
            cells = [
                cell.rjust(width) if number in flush else cell.ljust(width)
                for number, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            if len(widths) - 1 in flush:
                self.line("  ".join(cells))
            else:
                self.hanging(row[-1], "".join(f"{cell}  " for cell in cells[:-1]))

    def mark(self, sign: str, style: str = "") -> str:
        """A mark, in ASCII where the stream can take no more."""
        return self.paint(sign if self.options.unicode else ASCII.get(sign, sign), style)

    def paint(self, text: str, style: str) -> str:
        """The text in a style, or as it is where the page has no colours."""
        if not (self.options.colour and style and text):
            return text
        codes = ";".join(STYLES[name] for name in style.split())
        return f"\x1b[{codes}m{text}\x1b[0m"

    def _plain(self, text: str) -> str:
        return text if self.options.unicode else text.replace("…", "...").replace("·", "-")

    def _wrap(self, text: str, room: int) -> list[str]:
        if not self.options.width:
            return [text]
        width = max(self.options.width - room, NARROWEST)
        lines, start = [], 0
        while len(text) - start > width:
            space = text.rfind(" ", start + 1, start + width + 1)
            end = space if space > start else start + width
            lines.append(text[start:end].strip())
            start = end
        return [*lines, text[start:].strip()]


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


__all__ = ["Page", "paragraphs"]
