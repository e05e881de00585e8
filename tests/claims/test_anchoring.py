"""verify-sources finds a passage by what its row kept, and proves it by the hash alone."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

import claimpack
from claimpack.claims import anchoring, corpus
from claimpack.claims.anchoring import Anchor, Budget, ExhaustedError, find
from packages import V2, Json, make, table

TEXT = "Ann said: ketamine works fast. Ben said: ketamine works slowly, if it works at all."
START, END = 41, 62
SPAN = TEXT[START:END]
RIGHT: Json = {"source_id": "s1", "char_start": START, "char_end": END, "head": "ketamine works"}
RIGHT |= {"tail": "works slowly", "sha256": hashlib.sha256(SPAN.encode()).hexdigest()}


def verify(folder: Path, *, texts: tuple[str, ...] = (TEXT,), **row: Any) -> Any:
    """What verify-sources says of one passage, whose row differs from the right one in this."""
    cells = {"passage_id": "p1", **RIGHT, **row}
    fields = "passage_id source_id char_start:integer char_end:integer head tail sha256"
    names = [item.partition(":")[0] for item in fields.split()]
    sources = "".join(
        f"s{n},{hashlib.sha256(text.encode()).hexdigest()}\n" for n, text in enumerate(texts, 1)
    )
    files = {
        "sources.csv": f"source_id,text_sha256\n{sources}",
        "passages.csv": ",".join(names) + "\n" + ",".join(str(cells[name]) for name in names),
    }
    tables = [table("sources", "source_id text_sha256"), table("passages", fields)]
    make(folder / "p", tables, files, claimsProfile="0.1", **V2)
    (folder / "texts").mkdir()
    for number, text in enumerate(texts, 1):
        (folder / "texts" / f"{number}.txt").write_text(text, "utf-8")
    return claimpack.verify_sources(folder / "p", folder / "texts")


def test_the_right_row_is_exact(tmp_path: Path) -> None:
    """A span with the hash, which begins and ends with the words, is exact."""
    result = verify(tmp_path)
    assert (SPAN, result.sources[0].exact, len(result.report.findings)) == (
        "ketamine works slowly",
        1,
        0,
    )


@pytest.mark.parametrize(
    ("row", "fix"),
    [
        ({"char_start": 4}, "Write char_start 41."),
        ({"char_start": 4000}, "Write char_start 41."),
        ({"char_start": -42}, "Write char_start 41."),
        ({"char_end": 26}, "Write char_end 62."),
        ({"char_end": 620}, "Write char_end 62."),
        ({"char_start": 14, "char_end": 35}, "Write char_start 41, char_end 62."),
        ({"char_start": 0, "char_end": 0}, "Write char_start 41, char_end 62."),
        ({"char_start": "", "char_end": ""}, "Write char_start 41, char_end 62."),
        ({"char_start": 14, "char_end": 62}, "Write char_start 41."),
        ({"char_start": 14, "head": "nothing", "tail": "nothing"}, None),
        (
            {"char_start": 14, "char_end": 35, "tail": "nothing"},
            "Write char_start 41, char_end 62.",
        ),
        ({"char_end": 26, "head": "nothing"}, "Write char_end 62."),
    ],
)
def test_what_is_mistyped_is_found(row: Json, fix: str | None, tmp_path: Path) -> None:
    """A number outside the text, a mistyped end, both, or none: the fix names what to write."""
    result = verify(tmp_path, **row)
    found = list(result.report.findings)
    if fix is None:  # neither the length, nor an end together with its words, is kept
        assert [item.field for item in found] == ["sha256"]
        return
    assert [item.fix for item in found] == [fix]
    assert result.sources[0].moved == 1


def test_an_end_beyond_the_text_is_not_exact(tmp_path: Path) -> None:
    """The last passage of a text ends with it: an end beyond is not the same position."""
    tail: dict[str, Any] = {
        "sha256": hashlib.sha256(TEXT[70:].encode()).hexdigest(),
        "char_start": 70,
    }
    result = verify(tmp_path, **tail, char_end=len(TEXT) + 5, head="works", tail="all.")
    assert result.sources[0].exact == 0


def test_the_other_source_is_named(tmp_path: Path) -> None:
    """A passage that is in the text of another source says which, and where there."""
    result = verify(tmp_path, texts=("Something else.", "Now. " + TEXT))
    (found,) = result.report.findings
    assert found.fix == "Write source_id s2, char_start 46, char_end 67."
    assert found.message == "expected the passage at 41 to 62, found it in s2 at 46 to 67"


def test_wrong_words_are_given(tmp_path: Path) -> None:
    """A head or tail with other words than the passage's is answered with the right ones."""
    found = list(verify(tmp_path, head="ketamine helps", tail="quickly").report.findings)
    assert [(item.field, item.fix) for item in found] == [
        ("head", 'Write "ketamine works".'),
        ("tail", 'Write "slowly".'),
    ]


def test_what_is_not_looked_for_everywhere_is_unchecked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that would take too long ends as not checked, never as missing."""
    monkeypatch.setattr(corpus, "Budget", lambda: Budget(1_500))
    result = verify(tmp_path, char_start=4, char_end=9)
    assert (result.sources[0].missing, list(result.report.findings)) == (0, [])
    assert [item.what for item in result.report.unchecked] == ["1 passage of s1"]
    assert result.report.verdict == "not-checked"


def test_a_search_is_bounded() -> None:
    """Heads and tails on every character of a text: the budget ends the search."""
    text = "a" * 3_000
    anchor = Anchor(5, 3, "a", "a", "0" * 64)
    with pytest.raises(ExhaustedError):
        find(anchor, text, Budget(10_000_000))
    assert anchoring.BUDGET // anchoring.CANDIDATE < 10_000_000
