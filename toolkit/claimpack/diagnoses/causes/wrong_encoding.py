"""The file has another encoding than the descriptor declares.

Why: Without a declaration the encoding is UTF-8. A spreadsheet in Western Europe or America
saves Windows-1252 instead, one that saves "Unicode text" UTF-16: letters such as é cannot be
read then, or nothing at all. Which encoding it is shows in the words, never for certain in the
bytes; where several fit, only the owner can tell.

Fails:
    a file saved as Windows-1252 with the name `Müller`, and no encoding declared

Fix: Save the file as UTF-8. Or declare what it is: "encoding": "windows-1252".
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from claimpack.diagnoses.encodings import judged, readings, words
from claimpack.diagnoses.symptoms import Proposal, TableSymptoms, examples

SCOPE = "table"
RULES = ("encoding-error", "nul-byte")
MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
UTF8 = ("utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii")
LOOKED_AT = 4_000
"""Bytes of UTF-16 that are looked at."""
MOST, FEW = 0.8, 0.1
"""Shares of zeros in UTF-16 of Western texts: among one half of the bytes, and the other."""


def propose(table: TableSymptoms) -> Iterator[Proposal]:
    """The encoding that makes words of the bytes."""
    if not any(table.complaint(rule).count for rule in RULES):
        return
    data, declared = table.source.data(table.resource), table.resource.encoding.lower()
    name = _utf16(data)
    if name:
        if name != declared:
            yield _made(table, name, _shown(data))
        return
    found = words(data)
    if declared != "utf-8" and found and b"\0" not in data and _is_utf8(data):
        texts = [word.decode() for word in found]
        yield _made(table, "utf-8", f"All bytes are valid UTF-8, such as {examples(texts)}.")
    elif declared in UTF8 and b"\0" not in data:
        yield from _eight_bits(table, found)


def _utf16(data: bytes) -> str:
    """The kind of UTF-16 that a text is saved as; empty where it is none."""
    if data.startswith(codecs.BOM_UTF32_LE):
        return ""
    if data.startswith(MARKS):
        return "utf-16"
    top = data[:LOOKED_AT]
    half = max(len(top) // 2, 1)
    first, second = top[::2].count(0) / half, top[1::2].count(0) / half
    if second > MOST and first < FEW:
        return "utf-16le"
    return "utf-16be" if first > MOST and second < FEW else ""


def _shown(data: bytes) -> str:
    if data.startswith(MARKS):
        return f"The file begins with the byte order mark {data[:2].hex(' ').upper()}."
    return "Every other byte of the file is zero."


def _eight_bits(table: TableSymptoms, found: list[bytes]) -> Iterator[Proposal]:
    """Windows-1252 where only that makes words of the bytes; else what the owner may choose."""
    judgement = judged(found)
    if not found or judgement == "mixed":
        return
    if judgement == "western":
        texts = examples(word.decode("cp1252") for word in found)
        yield _made(table, "windows-1252", f"In Windows-1252 words are {texts}.")
        return
    read = readings(max(found[:20], key=lambda word: sum(byte > 127 for byte in word)))
    told = ", ".join(f'"{text}" in {name}' for name, text in read.items())
    yield Proposal(
        "The file is not saved as UTF-8; which encoding it has only its words can tell.",
        f"The same word is {told}.",
        "Save the file as UTF-8, or declare the encoding in which the words are right.",
        covers=table.complaint("encoding-error").count,
        rules=RULES,
    )


def _made(table: TableSymptoms, name: str, evidence: str) -> Proposal:
    shown = name.capitalize() if name.startswith("w") else name.upper()
    read = table.resource.encoding.upper()
    instead = "" if name == "utf-8" else ", or save the file as UTF-8"
    return Proposal(
        f"The file is saved as {shown}, not as {read}.",
        evidence,
        f'Declare "encoding": "{name}"{instead}.',
        (table.set("encoding", name),),
        covers=sum(table.complaint(rule).count for rule in RULES),
        rules=RULES,
        misread=True,
    )


def _is_utf8(data: bytes) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", False)
    except UnicodeDecodeError:
        return False
    return True
