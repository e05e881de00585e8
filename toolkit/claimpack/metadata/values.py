"""Values that descriptors from anywhere hold: texts, addresses, identifiers, days."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+[^\s<>\"{}|\\^`]*", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}(?:\.[0-9]+)?/[^\s\"<>]+)",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.[^\s@<>\".]{2,}")
_ORCID = re.compile(r"https?://orcid\.org/([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?")
_ROR = re.compile(r"https?://ror\.org/(0[0-9a-z]{8})/?")


def text(value: Any) -> str:
    """A text without the blanks around it and what no XML may hold; empty for anything else."""
    return _NOT_XML.sub("", value).strip() if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list, or one text alone, each once; others are left out."""
    items = value if isinstance(value, list) else [value]
    return tuple(dict.fromkeys(item for item in map(text, items) if item))


def first(raw: dict[str, Any], *names: str) -> str:
    """The first of these properties that is a text and not empty."""
    return next((found for name in names if (found := text(raw.get(name)))), "")


def address(value: Any) -> str:
    """An address of the web; empty for what is none."""
    found = text(value)
    return found if _ADDRESS.fullmatch(found) else ""


def doi(value: Any) -> str:
    """A DOI without its prefix, out of any of its spellings; empty for what is none."""
    match = _DOI.fullmatch(text(value))
    return match.group(1) if match else ""


def mail(value: Any) -> str:
    """An address of mail; empty for what is none."""
    found = text(value)
    return found if _MAIL.fullmatch(found) else ""


def orcid(value: Any) -> str:
    """The ORCID of a person that an address names, as 0000-0000-0000-0000."""
    match = _ORCID.fullmatch(text(value))
    return match.group(1) if match else ""


def ror(value: Any) -> str:
    """The ROR id of an organisation that an address names."""
    match = _ROR.fullmatch(text(value))
    return match.group(1) if match else ""


def day(value: Any) -> dt.date | None:
    """The day that a date, or a date and time, begins with."""
    try:
        return dt.date.fromisoformat(text(value)[:10])
    except ValueError:
        return None


__all__ = ["address", "day", "doi", "first", "mail", "orcid", "ror", "text", "texts"]
