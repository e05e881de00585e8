"""A header that another delimiter than the dialect's parts into the names of the fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from claimpack.descriptor.model import Resource
from claimpack.readers.column_layout import Layout
from claimpack.readers.label_spelling import show

DELIMITERS = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
"""What spreadsheets and other tools put between cells."""

EXCELS_OWN = re.compile("sep=.?", re.IGNORECASE)
"""A first line that tells Excel, and nobody else, what stands between the cells."""


def parted(resource: Resource, made: Layout, saved: str = "") -> Layout:
    """The layout, marked as unread where the file has another delimiter than the dialect's.

    Labels that the wrong delimiter parts are wrong, and every row would be wrong in each of its
    cells. So one finding names the cause and the fix, and no row is read.

    Args:
        resource: The resource.
        made: The layout of the header as it was read.
        saved: The encoding that the file was saved in instead of its own; empty where in its own.
    """
    names = [field.name for field in resource.schema.fields] if resource.schema else []
    labels = made.labels
    if not labels or not names or not made.faults:
        return made
    if EXCELS_OWN.fullmatch(labels[0]) and not any(labels[1:]) and labels[0] not in names:
        why = f"expected the header in line 1, found {show(labels[0])}, which only Excel reads"
        fix = "Run claimpack fmt, which deletes the line."
    elif mark := _mark_between(labels, names, resource.dialect.delimiter):
        why = f"the cells are separated by {DELIMITERS[mark]}, not by {_separator(resource)}"
        if saved:
            why = f"{why}, and the text is saved as {saved}"
        fix = _resave(mark, saved)
    else:
        return made
    value = resource.dialect.delimiter.join(labels)
    fault = replace(made.faults[0], message=why, fix=fix, field=None, value=value)
    return replace(made, faults=(fault,), unread=why)


def _separator(resource: Resource) -> str:
    declared = resource.dialect.delimiter
    return DELIMITERS.get(declared, json.dumps(declared))


def _resave(mark: str, saved: str) -> str:
    """The fix of a file that has another delimiter, and perhaps another encoding."""
    if saved:
        return (
            'Save the file as UTF-8 (in LibreOffice: "Edit filter settings"), then run '
            "claimpack fmt, which rewrites it with the declared delimiter."
        )
    return (
        "Run claimpack fmt, which rewrites the file with the declared delimiter; or declare "
        f'"delimiter": {json.dumps(mark)}.'
    )


def _mark_between(labels: Sequence[str], names: Sequence[str], declared: str) -> str:
    """What parts a header into most names of the fields, and more than are labels as it was read.

    Empty where nothing does. A single label that is parted into as many as there are fields
    need have no more than one of the names.
    """
    known = {_plain(name) for name in names}
    header, read = declared.join(labels), len(known & _plains(labels))
    for mark in (mark for mark in DELIMITERS if mark != declared):
        parts = header.split(mark)
        found = len(known & _plains(parts))
        whole = len(labels) == 1 and 1 < len(parts) == len(names) and found
        most = found > 1 and 2 * found >= len(known)
        if found > read and (whole or most):
            return mark
    return ""


def _plains(labels: Iterable[str]) -> set[str]:
    return {_plain(label) for label in labels}


def _plain(label: str) -> str:
    """A label without quotes and white space around it, whatever its case."""
    return label.strip().strip('"').strip().casefold()


__all__ = ["parted"]
