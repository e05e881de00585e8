"""Writing in a package's own folder: init, add_table, fmt, new_source, and locate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack.api import steps

if TYPE_CHECKING:
    from claimpack.claims.passages import Located
    from claimpack.claims.sources import NewSource
    from claimpack.curate.canonical import Formatted
    from claimpack.curate.inference import AddedTable


def init(path: str | Path, title: str = "") -> tuple[str, ...]:
    """Make a claims package in a new folder, named after it; it validates at once.

    Returns:
        The names of its tables, which are empty.

    Raises:
        UsageError: The folder's name is no name of a package, or it holds files already.
        UnreadableError: It cannot be written.
    """
    from claimpack.claims import starter

    return starter.init(Path(path), title)


def add_table(
    file: str | Path, path: str | Path = ".", *, name: str | None = None, title: str = ""
) -> AddedTable:
    """Add a file to a package as a table, its schema inferred.

    Args:
        file: CSV, TSV, Excel or Parquet, in the package's folder or below it.
        path: The package.
        name: Name of the table, made of the file's name where none is given.
        title: Title of the table.

    Raises:
        UsageError: The file is not there, not in the package, no table, or the name or the
            file is taken already.
        UnreadableError: A file cannot be read or written.
    """
    from claimpack.curate import inference

    return inference.add_table(steps.own_package(path), Path(file), name, title)


def fmt(path: str | Path = ".", *, check: bool = False) -> Iterator[Formatted]:
    """Bring a package's tables into the canonical form, without changing a value.

    Args:
        path: The package.
        check: Only say what would be done.

    Returns:
        What became of each table, as it is done.

    Raises:
        UsageError: There is no such package.
        InvalidPackageError: The descriptor is no JSON object.
    """
    from claimpack.curate import canonical

    return canonical.tidy(
        steps.package(path, False) if check else steps.own_package(path), check=check
    )


def new_source(
    file: str | Path,
    path: str | Path = ".",
    *,
    source_id: str | None = None,
    values: Mapping[str, str] | None = None,
) -> NewSource:
    """Register a text as a source: hash of its bytes, its length, metadata as given.

    Args:
        file: The text, in UTF-8.
        path: A claims data package.
        source_id: Key of the source, made of the file's name where none is given.
        values: Metadata by field.

    Raises:
        UsageError: The file is not there or no UTF-8, the key or the text is registered
            already, or a field is unknown.
        UnreadableError: A file cannot be read or written.
    """
    from claimpack.claims import sources

    return sources.register(steps.own_package(path), Path(file), source_id, values or {})


def locate(
    source_id: str,
    words: str,
    path: str | Path = ".",
    *,
    corpus: str | Path,
    passage_id: str | None = None,
    nth: int | None = None,
) -> tuple[Located, str]:
    """Where words stand in a source's text, and the line to put into the table of passages.

    Args:
        source_id: The source.
        words: Words of its text, at exactly one place in it.
        path: A claims data package.
        corpus: Folder that holds the texts.
        passage_id: Key of the passage, made of its first words where none is given.
        nth: Which of several places is meant, from 1.

    Raises:
        UsageError: There is no such source, the passage is registered already, or the
            words stand nowhere or at several places.
        UnreadableError: The source's text is not in the folder.
    """
    from claimpack.claims import passages

    model = steps.package(path, False)
    return passages.locate(model, source_id, words, Path(corpus), passage_id=passage_id, nth=nth)
