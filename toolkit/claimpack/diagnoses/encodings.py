"""Which encoding of one byte a character a text is saved in, as its words show.

Nothing in the bytes says so. A reading is told only where every word is plausible in it, and
where no other common encoding makes other letters of these bytes, or words prove the letters.
"""

from __future__ import annotations

import re
from typing import Literal

LATIN = rb"[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]"
WORD = re.compile(rb"[A-Za-z0-9'\x80-\xff]+")
LONGEST = 1000
"""Bytes of a word that are looked at; longer ones are none."""
UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
SAME = frozenset(
    b"\xe1\xe2\xe4\xe7\xe9\xeb\xed\xee\xf3\xf4\xf6\xfa\xfc\xdf\xc1\xc2\xc4\xc7\xc9\xcb\xcd\xce"
    b"\xd3\xd4\xd6\xda\xdc\xb0\xb1\xb5\xb7\xa7\xa9\xab\xae\xbb\xd7\xa0"
    b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\x99"
)
"""Bytes that mean the same in the Windows encodings of Western and of Central Europe."""
WESTERN = re.compile(
    rb"[aeiou]\xf1|\xf1[aeiou]|[AEIOU]\xd1[AEIOU]|[\xe3\xf5][oe]|\xe5|\xc5|\xe6[rdt]|"
    rb"\xe8(?:re|me|s|ge|che)\b|\xe0\b|[oi]\xf9\b|[rn]\xf2\b|\xea(?:tre|me|ncia|che)\b|"
    rb"(?:for|arr|pr)\xeat|k\xf8b|\xf8d\b|\xf8j|(?:na|ma)\xef|\xefque\b|s\xfbr\b|ao\xfbt"
)
"""Letters of Western Europe where no word of Central Europe has others in their place."""
ELSEWHERE = re.compile(
    rb"[\xf8\xec\xf9\xf2\xe8\xef][\xed\xfd\xe1]|[\xed\xe1\xe9\xfd][\xf8\xe8]|\xf8[iye]|i\xe6\b|"
    rb"\xea\b|\xf1[b-df-hj-np-tv-z]|[\xb3\xb9\xbf\x9c\x9f]|[bdmnptv]\xec|[\xd0\xdd\xde\xf0\xfd\xfe]"
)
"""What words of Central Europe, of Turkey and of Iceland have."""
IMPLAUSIBLE = re.compile(
    LATIN
    + rb"[\x80\x85\x91\x93-\x97\x99\xa0-\xa9\xab-\xb6\xb8\xb9\xbb-\xbf\xd7\xf7]"
    + LATIN
    + rb"|[a-z\xdf-\xff][\xc0-\xde]|[\xc0-\xff]{3}|\x94[A-Za-z]|[A-Za-z]\x93|[aeiou]\xe1[aeiou]|"
    rb"[\x81-\x84\x86-\x90\x98\x9a\x9b\x9d-\x9f\xa4\xa6\xa8\xac\xad\xaf\xb4\xb8\xaa\xa1\xf7]"
)
"""What no word in Windows-1252 has: capitals behind small letters, signs within a word."""
APOSTROPHE = re.compile(
    rb"\x92(?:s|t|re|ll|d|m|ve)?\b|(?:^|\b)(?:[cdjlmnstCDJLMNST]|[Qq]u)\x92" + LATIN
)
READINGS = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251"}
READINGS |= {"mac_roman": "Mac Roman", "cp850": "code page 850"}
"""The encodings of which an owner may choose."""

Judgement = Literal["western", "unknown", "mixed"]


def words(data: bytes) -> list[bytes]:
    """The distinct words that are not all ASCII, in their order."""
    found = (match.group()[:LONGEST] for match in WORD.finditer(data))
    return list(dict.fromkeys(word for word in found if not word.isascii()))


def judged(found: list[bytes]) -> Judgement:
    """Windows-1252 for certain, an encoding that only the owner knows, or UTF-8 among others."""
    if any(UTF8.search(word) for word in found):
        return "mixed"
    if not all(_plausible(word) for word in found):
        return "unknown"
    apart = [word for word in found if not SAME.issuperset(b for b in word if b > 127)]
    proved = any(map(WESTERN.search, apart)) and not any(map(ELSEWHERE.search, apart))
    return "western" if not apart or proved else "unknown"


def _plausible(word: bytes) -> bool:
    inner = re.search(LATIN + rb"\x92" + LATIN, word)
    return not IMPLAUSIBLE.search(word) and (inner is None or bool(APOSTROPHE.search(word)))


def readings(word: bytes) -> dict[str, str]:
    """What a word is in each of the encodings that an owner may choose, those that differ."""
    made: dict[str, str] = {}
    for codec, name in READINGS.items():
        try:
            text = word.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.isprintable() and text not in made.values():
            made[name] = text
    return made


__all__ = ["judged", "readings", "words"]
