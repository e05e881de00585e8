"""The form of a resource's files: format, compression, encoding, size and hash."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from claimpack.descriptor.faults import Place, kind, shown, whole
from claimpack.descriptor.location import Location

TABLES = ("csv", "tsv")
"""Formats that nothing but a table has."""
DELIMITED = frozenset({*TABLES, "txt", "tab", "dat", "psv", ""})
"""Formats of tables that are text with delimiters; an unknown one is tried as such."""
TEXTS = (*TABLES, "json", "ndjson")
"""Formats whose tables may stand in the descriptor as a text."""
_SYNONYMS = {"tab": "tsv", "jsonlines": "ndjson", "jsonl": "ndjson", "pq": "parquet"}
_SYNONYMS |= {"arrows": "arrow", "ipc": "arrow", "xlsm": "xlsx"}
_PLAIN_TEXT = ("", "txt", "text", "dat", "data", "asc", "psv")
_COMPRESSIONS = {
    "gz": "gz",
    "gzip": "gz",
    "zip": "zip",
    "zst": "zst",
    "zstd": "zst",
    "bz2": "bz2",
    "bzip2": "bz2",
    "xz": "xz",
    "lzma": "xz",
}
_UNSUPPORTED = ("7z", "rar", "br", "lz4")
_MEDIATYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/geo+json": "geojson",
    "application/x-ndjson": "ndjson",
    "application/vnd.apache.parquet": "parquet",
    "application/vnd.apache.arrow.file": "arrow",
    "application/vnd.apache.arrow.stream": "arrow",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_HASH = r"(?:([A-Za-z0-9_-]+):)?([0-9a-fA-F]+)"
_LENGTHS = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_NO_ENCODINGS = frozenset(
    ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
_ENCODING = r"[A-Za-z0-9][A-Za-z0-9_.:()+ -]{0,60}"


class Form(NamedTuple):
    """Format and compression; `blocked` says why the compression cannot be undone."""

    format: str
    compression: str | None = None
    blocked: str = ""


def form(raw: dict[str, Any], location: Location, place: Place) -> Form:
    """Format and compression as declared, else by the extension of the first file."""
    declared = raw.get("format")
    if "format" in raw and not isinstance(declared, str):
        message = f"format is {kind(declared)}, not a text"
        place.error(message, "Write a text, such as csv", "format")
        declared = None
    declared = (declared or "").lower().lstrip(".")
    name = re.split(r"[?#]", location.names[0])[0] if _remote(location) else _first(location)
    stem, extension = _split(name)
    compression, blocked = None, ""
    if extension in _COMPRESSIONS or extension in _UNSUPPORTED:
        inner = _inner(raw, stem) or (declared if declared != extension else "")
        if inner:
            compression, extension = extension, inner
    if "compression" in raw:
        compression = _compression(raw["compression"], place)
    if compression and compression not in _COMPRESSIONS:
        blocked = f"the compression {shown(compression)} is not supported"
    found = declared or extension or _by_mediatype(raw) or ("json" if location.inline else "")
    return Form(_SYNONYMS.get(found, found), _COMPRESSIONS.get(compression or ""), blocked)


def table(found: Form) -> Form:
    """The form that a table is read by: csv for plain text of no format of its own.

    So is what is compressed, where nothing says what is inside.
    """
    if found.format in _COMPRESSIONS and not found.compression:
        return Form("csv", _COMPRESSIONS[found.format], found.blocked)
    return found._replace(format="csv") if found.format in _PLAIN_TEXT else found


def _inner(raw: dict[str, Any], stem: str) -> str:
    """What is said of the format inside a compressed file, beside the declared format."""
    named = raw.get("innerpath")
    member = _split(named)[1] if isinstance(named, str) else ""
    return member or _split(stem)[1] or _by_mediatype(raw)


def _remote(location: Location) -> bool:
    return bool(location.names) and "://" in location.names[0]


def _first(location: Location) -> str:
    return location.names[0] if location.names else ""


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition("/")[2].rpartition(".")
    return (stem, extension.lower()) if dot and stem else (name, "")


def _by_mediatype(raw: dict[str, Any]) -> str:
    value = raw.get("mediatype")
    if not isinstance(value, str):
        return ""
    return _MEDIATYPES.get(value.split(";")[0].strip().lower(), "")


def _compression(value: object, place: Place) -> str | None:
    if value is None or value in ("", "no", "none"):
        return None
    if isinstance(value, str):
        return value.lower().lstrip(".")
    message = f"compression is {kind(value)}, not a text"
    place.error(
        message, "Write gz, bz2, xz, zip or zst", "compression", clause="Compression of resources"
    )
    return None


def encoding(raw: dict[str, Any], place: Place) -> str | None:
    """The declared encoding, utf-8 where there is none; None where it is no encoding of text."""
    if "encoding" not in raw:
        return "utf-8"
    value = raw["encoding"]
    fix = "Write the name of a character encoding in the IANA's list, such as utf-8"
    if not isinstance(value, str):
        place.error(f"encoding is {kind(value)}, not a text", fix, "encoding")
        return None
    if value.lower() in ("utf-8", "utf8", "ascii", "us-ascii", "iso-8859-1", "latin-1"):
        return value
    if not _is_encoding(value):
        place.error(f"{shown(value)} is not a character encoding", fix, "encoding")
        return None
    if value.lower().replace("_", "-") == "utf-8-sig":
        place.warn(f"{shown(value)} is not a name in the IANA's list", 'Write "utf-8"', "encoding")
    return value


def _is_encoding(value: str) -> bool:
    """Whether it names an encoding of text: not a transformation such as hex or base64."""
    import codecs

    if not re.fullmatch(_ENCODING, value):
        return False
    try:
        found = codecs.lookup(value)
    except (LookupError, ValueError):
        return False
    is_text = getattr(found, "_is_text_encoding", True)
    return bool(is_text) and found.name.replace("-", "_") not in _NO_ENCODINGS


def size(raw: dict[str, Any], place: Place) -> int | None:
    """The declared size in bytes."""
    if "bytes" not in raw:
        return None
    value = raw["bytes"]
    if whole(value) and value >= 0:
        return int(value)
    message = f"bytes is {shown(value)}, not a whole number of 0 or more"
    text = value if isinstance(value, str) and re.fullmatch("[0-9]{1,18}", value) else None
    fix = f"Write {text}" if text else "Write the file's size in bytes, or leave it out"
    place.error(message, fix, "bytes")
    return None


def digest(raw: dict[str, Any], place: Place) -> tuple[str, str] | None:
    """The declared hash as algorithm and digits."""
    value = raw.get("hash")
    if "hash" not in raw or (value == "" and place.standard == "1"):
        return None
    match = re.fullmatch(_HASH, value) if isinstance(value, str) else None
    fix = 'Write the algorithm and the hexadecimal digits, such as "sha256:9f86..."'
    if not match:
        place.error(f"{shown(value)} is not a hash", fix, "hash")
        return None
    algorithm, digits = (match[1] or "md5").lower(), match[2].lower()
    if algorithm not in _LENGTHS:
        place.unchecked("hash", f"the algorithm {shown(algorithm)} is not known")
        return None
    if match[1] and match[1] != algorithm:
        place.warn(
            f"the algorithm {shown(match[1])} is not in lower case", f"Write {algorithm}", "hash"
        )
    if len(digits) != _LENGTHS[algorithm]:
        likely = next((name for name, length in _LENGTHS.items() if length == len(digits)), None)
        hint = f"; did you mean {likely}:?" if likely and not match[1] else ""
        wanted = _LENGTHS[algorithm]
        message = f"the {algorithm} hash has {len(digits)} digits instead of {wanted}{hint}"
        place.error(message, fix, "hash")
        return None
    return algorithm, digits
