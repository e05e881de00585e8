"""Alter real-looking packages at random, and look for crashes, hangs and contradictions.

    python tests/mutation.py --count 1000            alterations 0 to 999 of seed 0
    python tests/mutation.py --seed 7 --seconds 600  as many as ten minutes allow
    python tests/mutation.py --seed 7 --only 4711    one of them again, with its traceback

Each package is judged in a process of its own, with a limit on time and memory. What is found
is told once for each place in the code, with its smallest reproduction; --keep writes these
packages into a folder. Needs a system that can fork.
"""

from __future__ import annotations

import argparse
import faulthandler
import importlib
import json
import os
import re
import resource
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random
from typing import NoReturn

import claimpack
from mutants import MUTATIONS
from probes import PROBES, Case
from samples import Sample, fixtures, pick

HOME = str(Path(claimpack.__file__).parent)
MEMORY = 6 * 1024**3
"""Address space of a process, of which the engines reserve more than they use."""
TIMEOUT = 30
PARTS = (
    *(
        "claimpack.engine.run",
        "claimpack.plan",
        "claimpack.cli.app",
        "duckdb",
        "openpyxl",
        "polars",
    ),
    *("pyarrow.compute", "pyarrow.parquet", "regex", "sqlglot.dialects.duckdb"),
)
"""Modules that every process would import itself, imported once before the first is forked."""
MANY = 50
"""Mutants that one process judges."""
FRAME = re.compile(r'File "([^"]+)", line (\d+),? in (.*)')


@dataclass(frozen=True)
class Mutant:
    """One altered package of a seed.

    Attributes:
        seed: The run's seed.
        number: Its number within the run, which also chooses the probe.
        without: Which of its alterations are left out, to make a reproduction small.
    """

    seed: int
    number: int
    without: frozenset[int] = frozenset()

    def make(self) -> tuple[Sample, list[str]]:
        """The package and what was altered; the same for the same seed and number."""
        random = Random(f"{self.seed}:{self.number}")
        sample = pick(random)
        files, done = dict(sample.files), []
        for place in range(random.choice((1, 1, 2, 3))):
            alter, own = random.choice(MUTATIONS), Random(random.random())
            if place not in self.without:
                done.append(alter(own, files))
        return Sample(sample.name, files), done


@dataclass
class Found:
    """A defect: where it is told, its text, how often, and the smallest package that has it."""

    place: str
    text: str
    mutant: Mutant
    done: list[str]
    sample: str
    count: int = 1


@dataclass
class Run:
    """What a run has found so far."""

    timeout: float = TIMEOUT
    keep: Path | None = None
    found: dict[str, Found] = field(default_factory=dict)
    tried: int = 0

    def look(self, mutants: Iterable[Mutant]) -> None:
        """Judge mutants; a defect that is new is made small and kept."""
        for mutant, defects in judged(mutants, self.timeout):
            self.tried += 1
            for place, text in defects.items():
                if place in self.found:
                    self.found[place].count += 1
                else:
                    self._add(mutant, place, text)

    def _add(self, mutant: Mutant, place: str, text: str) -> None:
        small = self._smaller(mutant, place)
        sample, done = small.make()
        self.found[place] = Found(place, text, small, done, sample.name)
        if self.keep is not None:
            sample.write(self.keep / f"{len(self.found):03d}-{mutant.number}")
        print(told(self.found[place]), flush=True)

    def _smaller(self, mutant: Mutant, place: str) -> Mutant:
        for left_out in range(len(mutant.make()[1])):
            fewer = Mutant(mutant.seed, mutant.number, mutant.without | {left_out})
            ((_, defects),) = judged([fewer], self.timeout)
            if place in defects:
                mutant = fewer
        return mutant


def told(item: Found) -> str:
    """A defect as a few lines."""
    left_out = "".join(f" --without {number}" for number in sorted(item.mutant.without))
    lines = [
        f"{item.place}",
        f"    {item.text.strip()[:600]}",
        f"    --seed {item.mutant.seed} --only {item.mutant.number}{left_out} ({item.sample})",
    ]
    return "\n".join([*lines, *(f"    {done}" for done in item.done)])


# Processes of their own


def judged(mutants: Iterable[Mutant], timeout: float) -> Iterator[tuple[Mutant, dict[str, str]]]:
    """Each mutant with its defects by place. A process judges many, until it dies or hangs."""
    for name in PARTS:
        importlib.import_module(name)
    fixtures()
    waiting = iter(mutants)
    left = deque(islice(waiting, MANY))
    while left:
        with tempfile.TemporaryDirectory() as room:
            worker = Worker.start(Path(room), list(left), timeout)
            for number, defects in worker.answers():
                assert left[0].number == number
                yield left.popleft(), defects
            if (death := worker.end()) is not None:
                yield left.popleft(), {death: worker.trace()[-1500:]}
        left.extend(islice(waiting, MANY - len(left)))


@dataclass
class Worker:
    """A process that judges mutants and tells of each on a pipe."""

    pid: int
    reader: int
    room: Path
    timeout: float
    first: list[Mutant]
    told: int = 0

    @classmethod
    def start(cls, room: Path, mutants: list[Mutant], timeout: float) -> Worker:
        """Fork, which keeps what is imported."""
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _child(room, mutants, writer, timeout)
        os.close(writer)
        return cls(pid, reader, room, timeout, mutants)

    def answers(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Number and defects of each mutant, until the process ends or says nothing more."""
        said = b""
        with os.fdopen(self.reader, "rb", buffering=0) as stream:
            while select.select([stream], [], [], self.timeout + 5)[0]:
                if not (block := stream.read(65_536)):
                    return
                *lines, said = (said + block).split(b"\n")
                for line in lines:
                    self.told += 1
                    yield json.loads(line)
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> str | None:
        """Wait for the end; where it came too early, the place where the process was."""
        _, status = os.waitpid(self.pid, 0)
        if self.told == len(self.first) or not (self.room / "trace").exists():
            return None  # without a trace it hung in the fork itself, and another one is tried
        code = os.waitstatus_to_exitcode(status)
        trace = self.trace()
        how = "hang" if code == -signal.SIGKILL or "Timeout" in trace else f"exit {code}"
        return f"{how} in {_probe(self.first[self.told])}: {_place(trace)}"

    def trace(self) -> str:
        """What the process wrote besides, a dump of its threads at the end."""
        return (self.room / "trace").read_text(errors="replace")


def _child(room: Path, mutants: list[Mutant], writer: int, timeout: float) -> NoReturn:
    code = 1
    try:
        with (room / "trace").open("w") as trace:
            for stream in (1, 2):
                os.dup2(trace.fileno(), stream)
            faulthandler.enable(trace)
            sys.stderr = trace
            try:
                _judge(room, mutants, writer, timeout)
                code = 0
            except BaseException:
                traceback.print_exc()
    finally:  # whatever happens, the copy of the caller ends here
        os._exit(code)


def _judge(room: Path, mutants: list[Mutant], writer: int, timeout: float) -> None:
    """Judge mutants with so much memory beyond what the caller had taken."""
    most = _address_space() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    for mutant in mutants:
        faulthandler.dump_traceback_later(timeout, file=sys.stderr, exit=True)
        said = json.dumps([mutant.number, _defects(room, mutant)])
        os.write(writer, said.encode() + b"\n")


def _address_space() -> int:
    """Bytes of address space that this process has; 0 where nobody says."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _defects(room: Path, mutant: Mutant) -> dict[str, str]:
    place = room / f"{mutant.number}"
    folder = place / "package"
    folder.mkdir(parents=True)
    mutant.make()[0].write(folder)
    found = look(Case(folder, place, mutant.number))
    shutil.rmtree(place, ignore_errors=True)
    return found


def _probe(mutant: Mutant) -> str:
    return PROBES[mutant.number % len(PROBES)].__name__


def look(case: Case) -> dict[str, str]:
    """The defects of a package by place, found by the probe whose turn it is."""
    probe = PROBES[case.number % len(PROBES)]
    found: dict[str, str] = {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for text in probe(case):
                place = f"{probe.__name__}: {re.sub(r'[0-9]+', 'N', text)[:100]}"
                found.setdefault(place, text[:1000])
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if frame.filename.startswith(HOME)] or frames
        place = f"{_short(own[-1].filename)}:{own[-1].name}"
        found[f"{type(error).__name__} in {place}"] = f"{error}"[:1000]
    return found


def _place(trace: str) -> str:
    """The innermost line of claimpack in a dump of all threads."""
    for name, _, function in FRAME.findall(trace):
        if name.startswith(HOME):
            return f"{_short(name)}:{function}"
    return "nowhere in claimpack"


def _short(name: str) -> str:
    return Path(name).relative_to(HOME).as_posix() if name.startswith(HOME) else Path(name).name


# The command


def numbers(options: argparse.Namespace) -> Iterator[int]:
    """The numbers to try, until their count or the time is used up."""
    if options.only is not None:
        yield options.only
        return
    until = time.monotonic() + (options.seconds or 10**9)
    count = options.count if options.count is not None else 10**9 if options.seconds else 500
    for number in range(options.start, options.start + count):
        if time.monotonic() > until:
            return
        yield number


def main(argv: list[str] | None = None) -> int:
    """Run; 1 where anything was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0, help="another run (default: 0)")
    parser.add_argument("--start", type=int, default=0, help="the first number (default: 0)")
    parser.add_argument("--count", type=int, help="how many packages (default: 500)")
    parser.add_argument("--seconds", type=float, help="how long to run")
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds for one package")
    parser.add_argument("--only", type=int, metavar="N", help="this one alone, in this process")
    parser.add_argument("--without", type=int, action="append", default=[], metavar="N")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="write what fails into a folder")
    options = parser.parse_args(argv)
    if options.only is not None:
        return _again(Mutant(options.seed, options.only, frozenset(options.without)), options.keep)
    run = Run(options.timeout, options.keep)
    run.look(Mutant(options.seed, number) for number in numbers(options))
    print(f"{run.tried} packages, {len(run.found)} defects")
    return 1 if run.found else 0


def _again(mutant: Mutant, keep: Path | None) -> int:
    """One mutant in this process, so that a crash shows its traceback."""
    sample, done = mutant.make()
    print(sample.name, *done, sep="\n  ")
    with tempfile.TemporaryDirectory() as room:
        folder = keep or Path(room) / "package"
        sample.write(folder)
        probe = PROBES[mutant.number % len(PROBES)]
        found = list(probe(Case(folder, Path(room), mutant.number)))
    print(*(found or ["nothing found"]), sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
