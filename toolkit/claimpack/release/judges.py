"""Two validators that are not ours: frictionless for the CSV package, pandera for Parquet."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

from claimpack import interrupts, schemas
from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import NAME
from claimpack.engine import typed_tables
from claimpack.errors import UnreadableError
from claimpack.plan import make
from claimpack.progress import Progress
from claimpack.release import sampling
from claimpack.release.model import Check, check
from claimpack.release.sampling import SecondOpinion
from claimpack.renderers.printable import printable

SHOWN = 5
"""Most messages of one validator that are kept."""


def by_frictionless(top: Path, form: str, package: Package, opinion: SecondOpinion) -> Check:
    """What frictionless says of a format's package. It must be one that asks for no network.

    Args:
        top: The release.
        form: The format, and the name of its folder.
        package: The package in that folder.
        opinion: Whether it is asked about large tables in full.
    """
    sampled = sampling.large(package, opinion)
    if not sampled:
        return _by_frictionless(top / form / NAME, form, "")
    with sampling.csv_sample(top / form, package, sampled) as path:
        return _by_frictionless(path, form, _scope(package, sampled))


def _scope(package: Package, sampled: dict[str, sampling.Blocks]) -> str:
    rows = {item.name: sampling.rows_of(item) or 0 for item in package.resources}
    return sampling.scope(sampled, rows)


def _by_frictionless(path: Path, form: str, scope: str) -> Check:
    import frictionless

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            report = frictionless.validate(str(path))
            found = report.flatten(["message"])
    except Exception as error:
        interrupts.check()
        told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        return Check("frictionless", form, "not-checked", (f"it gave up: {printable(told)}",))
    messages = _some([printable(str(message)) for (message,) in found])
    return check("frictionless", form, messages, scope)


def by_pandera(
    package: Package, form: str, progress: Progress, opinion: SecondOpinion
) -> Iterator[Check]:
    """What pandera says of each table, by schemas built from the package's Table Schemas.

    Args:
        package: The package.
        form: The format, and the name of its folder.
        progress: Called with what is being done, steps done and steps in all.
        opinion: Whether it is asked about large tables in full.
    """
    from pandera.errors import SchemaErrors

    plan = make(package)
    sampled = sampling.large(package, opinion)
    listed = [item for item in package.resources if item.tabular and item.schema]
    for number, resource in enumerate(listed):
        progress(f"pandera {resource.name}", number, len(listed))
        schema = schemas.build(package, resource, plan.table(resource.name), "pyarrow")
        path, own = f"{form}/{resource.path}", sampled.get(resource.name)
        scope = _scope(package, {resource.name: own}) if own else ""
        try:
            rows = (
                typed_tables.parquet_rows(resource, own)
                if own
                else typed_tables.parquet_stream(resource)
            )
            schema.validate(rows.read_all(), lazy=True)
        except SchemaErrors as error:
            found = [_told(each) for each in error.schema_errors]
            yield check("pandera", path, _some(found), scope)
        except UnreadableError as error:
            yield Check("pandera", path, "failed", (str(error),), scope)
        else:
            yield Check("pandera", path, "passed", (), scope)


def _told(error: Exception) -> str:
    lines = str(error).splitlines()
    return printable(lines[0]) if lines else type(error).__name__


def _some(messages: list[str]) -> list[str]:
    left = len(messages) - SHOWN
    return [*messages[:SHOWN], f"and {left:,} more"] if left > 0 else messages


__all__ = ["by_frictionless", "by_pandera"]
