"""The proof that a table of very many columns is valid, from one pass of polars.

Fields that are checked alike share their checks (see `wide_tables`). Polars runs them over
every column of a plain file. Where no row is suspect the table is done; where one is, nothing
is said, and the table is read again column group by column group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimpack.engine.scan.plain_csv import cells_of
from claimpack.engine.scan.polars_predicates import suspicion
from claimpack.engine.table_checks import Scan
from claimpack.readers.csv_plainness import Plain, fits

if TYPE_CHECKING:
    import polars as pl

Groups = list[list[int | None]]


def proved_rows(scan: Scan, groups: Groups, width: int, lines: int, seen: Plain) -> int | None:
    """The number of rows of a file of which each is certainly valid; None where one may not be.

    Args:
        scan: Over the groups: its fields are the first of each. It compares no keys.
        groups: For each of its fields the columns of all fields that are checked alike, None
            for one that is not in the file.
        width: Number of columns of the file.
        lines: Lines of the header.
        seen: What was seen of the file.
    """
    import polars as pl

    frame = cells_of(scan.resource, width, lines)
    made = _suspect(scan, groups)
    if made is None:
        return None
    texts, steps, conditions = made
    suspect = pl.any_horizontal(conditions).any() if conditions else pl.lit(False)
    try:
        found = (
            frame.with_columns(**texts)
            .with_columns(**steps)
            .select(suspect.alias("suspect"), rows=pl.len())
            .collect(engine="streaming")
        )
    except pl.exceptions.PolarsError:
        return None
    rows = int(found["rows"][0])
    if found["suspect"][0] or not fits(seen, rows, width, header=bool(lines)):
        return None
    return rows


def _suspect(
    scan: Scan, groups: Groups
) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr], list[pl.Expr]] | None:
    """Texts, named steps and conditions of all columns; None where a check is in doubt."""
    import polars as pl

    texts: dict[str, pl.Expr] = {}
    steps: dict[str, pl.Expr] = {}
    conditions: list[pl.Expr] = []
    for rank in range(max(map(len, groups))):
        columns = {
            f"f{place}": f"c{group[rank]}"
            for place, group in enumerate(groups)
            if rank < len(group) and group[rank] is not None
        }
        if not scan.simple():
            texts |= {
                f"t{c}": scan.text_of(int(f[1:]), pl.col(c).fill_null(""))
                for f, c in columns.items()
            }
            columns = {f: f"t{c}" for f, c in columns.items()}
        faults = [
            check.screened
            for check in scan.rows
            if all(f"f{scan.place(name)}" in columns for name in check.fields)
        ]
        found = suspicion(faults, columns, prefix=f"{rank} ")
        if found.condition is True:
            return None
        if found.condition is not False:
            conditions.append(found.condition)
        steps |= found.steps
    return texts, steps, conditions


__all__ = ["proved_rows"]
