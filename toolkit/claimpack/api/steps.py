"""The steps that several functions of the surface share, from a path to a report."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from claimpack import descriptor
from claimpack.config import settings, severities
from claimpack.config.severities import Grades
from claimpack.descriptor.model import Package
from claimpack.descriptor.reading import STANDARD_INPUT, Reading
from claimpack.errors import ClaimpackError, InvalidPackageError, UnreadableError, UsageError
from claimpack.progress import Progress, silent
from claimpack.report import Diagnosis, Finding, FindingList, JoinedFindings, Report

if TYPE_CHECKING:
    from claimpack.engine.export_sinks import Sinks
    from claimpack.engine.run import Outcome
    from claimpack.plan import Plan
    from claimpack.watching import Known


STRICT = False
"""Whether a defect of a cause ends the run, as it does in the tests."""


def read(path: str | Path, text: str | bytes | None, follow_links: bool) -> Reading:
    """The descriptor at a path, or the one at hand as `text`."""
    if text is None:
        return descriptor.read(path, follow_links=follow_links)
    return descriptor.read_text(text, path, name=STANDARD_INPUT, follow_links=follow_links)


def found(reading: descriptor.Reading) -> Package:
    """The package that was read; InvalidPackageError where the descriptor holds none."""
    if reading.package is None:
        first = reading.findings[0].message if reading.findings else "not a JSON object"
        raise InvalidPackageError(f"the descriptor cannot be used: {first}")
    return reading.package


def package(path: str | Path, follow_links: bool) -> Package:
    """The package at a path, not validated."""
    return found(descriptor.read(path, follow_links=follow_links))


def own_package(path: str | Path) -> Package:
    """The package in a folder, to be written to; UsageError for one in a zip file."""
    from claimpack.descriptor.reading import is_archive

    if Path(path).is_file() and is_archive(Path(path)):
        raise UsageError(f"{path} is a zip file; unpack it and name the folder")
    return package(path, False)


def planned(model: Package, wanted: Grades | None = None) -> Plan:
    """The checks of a package, at the severities wanted."""
    from claimpack.plan import make

    return make(model, wanted or Grades())


def run(
    plan: Plan,
    memory: str | None,
    progress: Progress | None,
    sinks: Sinks | None = None,
    *,
    closed: bool = False,
) -> Outcome:
    """Run a plan's checks over the data, whose typed rows go to `sinks` as well.

    With `closed`, a row that refers to a wrong one of its own table is wrong, too.
    """
    from claimpack.engine.run import Run

    return Run(plan, memory, progress or silent, sinks, closed=closed).outcome()


def judged(
    reading: Reading,
    wanted: Grades,
    told: tuple[Finding, ...],
    check: Callable[[Plan], Outcome | Known] | None,
) -> Report:
    """The report on a descriptor and, where there is a check, on its data."""
    own = FindingList((*reading.findings, *told))
    made = Report(None, own, tuple(reading.unchecked))
    if reading.package is not None:
        made = Report(reading.package.name, own, tuple(reading.unchecked))
        if reading.package.resources and check is not None:
            outcome = check(planned(reading.package, wanted))
            findings = JoinedFindings((own, outcome.findings))
            unchecked = (*reading.unchecked, *outcome.unchecked)
            made = Report(
                reading.package.name,
                findings,
                unchecked,
                outcome.tables,
                diagnoses=diagnosed(reading, reading.package, outcome, wanted),
            )
    return severities.apply(made, wanted, settings.stopping(wanted), unread(reading.package))


def diagnosed(
    reading: Reading, model: Package, outcome: Outcome | Known, wanted: Grades
) -> tuple[Diagnosis, ...]:
    """The common causes of what was found in the data; nothing is imported for clean data."""
    if not len(outcome.findings):
        return ()
    try:
        found = _causes(model, outcome, wanted)
    except ClaimpackError:  # such as a full disk: the findings stand without their causes
        return ()
    except Exception:
        if STRICT:
            raise
        return ()  # a verdict is worth more than its explanation
    if not any(item.patch for item in found):
        return found
    from claimpack.diagnoses.editing import with_edits

    return tuple(with_edits(item, reading.texts) for item in found)


def _causes(model: Package, outcome: Outcome | Known, wanted: Grades) -> tuple[Diagnosis, ...]:
    from claimpack.diagnoses.diagnosing import diagnose
    from claimpack.engine.run import Outcome

    if isinstance(outcome, Outcome):
        return diagnose(model, outcome, wanted)
    return tuple(
        item
        for run, names in outcome.runs
        for item in diagnose(model, run, wanted)
        if item.resource in names
    )


def unread(model: Package | None) -> frozenset[str | None]:
    """What the descriptor's own faults keep from being read; None is the package itself."""
    if model is None or not model.resources:
        return frozenset((None,))
    return frozenset(item.name for item in model.resources if item.broken)


def apart(
    path: str | Path,
    memory: str | None,
    follow_links: bool = False,
    check: Callable[[Plan], Outcome] | None = None,
) -> tuple[Report, Package | None]:
    """The report that anyone gets who has the package alone, without files of settings.

    With it comes the package; `check` runs the checks where it is given.
    """
    start = time.perf_counter()
    reading = read(path, None, follow_links)
    wanted, told = settings.gather(path, reading, files=False)
    made = judged(reading, wanted, told, check or (lambda plan: run(plan, memory, None)))
    return replace(made, seconds=time.perf_counter() - start), reading.package


def expect_valid(checked: Report) -> None:
    """Go on only with a report without errors, of a package that was checked whole."""
    if checked.verdict == "invalid":
        raise InvalidPackageError(
            f"the package has {checked.counts['error']} errors; nothing was written", checked
        )
    if checked.verdict == "not-checked":
        what = checked.unchecked[0]
        raise UnreadableError(
            f"not everything could be checked ({what.resource or 'package'}: {what.why}); "
            "nothing was written"
        )
