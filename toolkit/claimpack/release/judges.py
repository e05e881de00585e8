"""Two validators that are not ours: frictionless for the CSV package, pandera for Parquet."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from claimpack import interrupts, schemas
from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import NAME
from claimpack.engine import tables
from claimpack.errors import UnreadableError
from claimpack.plan import make
from claimpack.release.model import Check, check
from claimpack.renderers.printable import printable

Progress = Callable[[str, int, int], None]
SHOWN = 5
"""Most messages of one validator that are kept."""


def by_frictionless(top: Path, form: str) -> Check:
    """What frictionless says of a format's package. It must be one that asks for no network."""
    import frictionless

    path = top / form / NAME
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = frictionless.validate(str(path))
            found = report.flatten(["message"])
    except Exception as error:
        interrupts.check()
        told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        return Check("frictionless", form, "not-checked", (f"it gave up: {printable(told)}",))
    return check("frictionless", form, _some([printable(str(message)) for (message,) in found]))


def by_pandera(package: Package, form: str, progress: Progress) -> Iterator[Check]:
    """What pandera says of each table, by schemas built from the package's Table Schemas."""
    from pandera.errors import SchemaErrors

    plan = make(package)
    listed = [item for item in package.resources if item.tabular and item.schema]
    for number, resource in enumerate(listed):
        progress(f"pandera {resource.name}", number, len(listed))
        schema = schemas.build(package, resource, plan.table(resource.name), "pyarrow")
        path = f"{form}/{resource.path}"
        try:
            schema.validate(tables.parquet_stream(resource).read_all(), lazy=True)
        except SchemaErrors as error:
            found = [_told(each) for each in error.schema_errors]
            yield check("pandera", path, _some(found))
        except UnreadableError as error:
            yield Check("pandera", path, "failed", (str(error),))
        else:
            yield Check("pandera", path, "passed")


def _told(error: Exception) -> str:
    lines = str(error).splitlines()
    return printable(lines[0]) if lines else type(error).__name__


def _some(messages: list[str]) -> list[str]:
    left = len(messages) - SHOWN
    return [*messages[:SHOWN], f"and {left:,} more"] if left > 0 else messages


__all__ = ["by_frictionless", "by_pandera"]
