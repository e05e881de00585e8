"""The survey: it calls no file plain that the engine's own reader would misread."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimpack.descriptor.model import Dialect, Resource
from claimpack.readers import csv_plainness

PIECES = st.sampled_from([b"a", b",", b'"', b"\n", b"\r\n", b"\r", b'"a"', b'""', b" ", b'"a\nb"'])
CELL = rb'(?:"(?:[^"\r\n]|"")*"|[^",\r\n]*)'


def _well_formed(text: bytes) -> bool:
    """The definition of plain, for any number of cells, as one expression."""
    newline = rb"\r\n" if b"\r" in text else rb"\n"
    record = rb"(?!\r?\n)" + CELL + rb"(?:," + CELL + rb")*"
    if not text.endswith(b"\n"):
        text += b"\r\n" if b"\r" in text else b"\n"
    return re.fullmatch(rb"(?:" + record + newline + rb")+", text) is not None


@pytest.mark.property
@settings(max_examples=1500, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=60).map(b"".join), st.sampled_from([3, 64, 65, 1000]))
def test_no_block_border_hides_a_fault(
    tmp_path_factory: pytest.TempPathFactory, text: bytes, block: int
) -> None:
    """Whatever the block size, only well-formed files are called plain.

    With no newline inside quotes allowed: the definition here knows none.
    """
    path = tmp_path_factory.getbasetemp() / "survey.csv"
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_plainness, "BLOCK", block)
        patch.setattr(csv_plainness, "SMALL", -1)
        patch.setattr(csv_plainness, "BREAKS", 0)
        if csv_plainness.plain(_resource(path), 2):
            assert _well_formed(text)


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        b'a,b\n"1","x"\n2,"y ""z"" q"\n3,""\n',
        b'a,b\r\n"1","x"\r\n2,y\r\n',
        b"a,b\n1,2",
        b"\xef\xbb\xbfa,b\n1,2\n",
    ],
)
def test_everyday_files_are_plain(tmp_path: Path, text: bytes, small: bool) -> None:
    """Quotes, doubled quotes, CRLF, a mark and a missing last newline need no careful road."""
    path = tmp_path / "x.csv"
    path.write_bytes(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_plainness, "SMALL", 1 << 20 if small else -1)
        assert csv_plainness.plain(_resource(path), 2)


def _resource(path: Path) -> Resource:
    return Resource("x", 0, paths=(path.name,), files=(path,), dialect=Dialect())
