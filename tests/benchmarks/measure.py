"""Measures claimpack against its peers on the same files, and prints a table in Markdown.

    python tests/benchmarks/measure.py --rows 10000000 --runs 5
    python tests/benchmarks/measure.py --quick

Every measurement is a whole process as a user would run it, its start included. A pair of
commands is run in turn (A B A B), the ratio is taken pair by pair, and the median of the
ratios is what counts, so that another job on the machine disturbs both alike. Memory is
the peak of the process as the kernel reports it.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import math
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import generate
from generate import Made, Shape

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]
QUICK = 200_000
MEANT = 10_000_000
"""Rows that the targets are about."""
GROWTH = (1_000_000, 3_000_000, 10_000_000)
FAR = 100_000_000
FRICTIONLESS_ROWS = 40_000
PEERS = (
    *("claimpack", "dataframely", "duckdb", "frictionless", "numpy"),
    *("pandera", "polars", "pyarrow"),
)
MIB = 1 << 20

SETTINGS = """\
- **pyarrow**: `csv.open_csv(path)` as it comes (types inferred, its own threads), drained.
- **frictionless**: `frictionless validate datapackage.json`, one process; on fewer rows, since it
  holds its rate; start-up is taken off by measuring a package of one row per table.
- **pandera**: `pandera.polars` schemas with vectorised checks, on `polars.read_csv` with the
  types given, not lazy (lazy frames are not validated beyond the schema by default); no foreign
  keys, which it does not have; types are polars' casts and no lexical forms.
- **dataframely**: schemas with its own checks, primary keys among them, on the same frames; foreign
  keys by hand, as anti-joins; types are polars' casts and no lexical forms.
- **polars**: `scan_csv(path, schema=...).sink_parquet(path, compression="zstd",
  compression_level=3)`, types given, dates and times parsed, nothing checked.
- **claimpack**: the command, its defaults.
"""


@dataclass(frozen=True)
class Run:
    """What one process took: seconds on the clock, seconds of processor, peak bytes, exit code."""

    seconds: float
    processor: float
    memory: int
    code: int


@dataclass(frozen=True)
class Row:
    """A line of the table; `reached` is None where nothing is asked for."""

    what: str
    target: str
    measured: str
    reached: bool | None


def run(command: list[str], *, expected: int = 0) -> Run:
    """Run a command to its end, its output thrown away.

    Raises:
        RuntimeError: It ended with another code than the one expected.
    """
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = os.posix_spawnp(
            command[0],
            command,
            _environment(),
            file_actions=[(os.POSIX_SPAWN_DUP2, log.fileno(), fd) for fd in (1, 2)],
        )
        _, status, used = os.wait4(process, 0)
        seconds = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code != expected:
            log.seek(0)
            tail = log.read()[-2000:].decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} ended with {code}: {tail}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * unit, code)


def _environment() -> dict[str, str]:
    """The caller's, with this checkout's toolkit first unless another is asked for."""
    path = os.environ.get("PYTHONPATH") or str(ROOT / "toolkit")
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"}


# --- what is run --------------------------------------------------------------------------


def validate(package: Path) -> list[str]:
    """The command on a package."""
    return [sys.executable, "-m", "claimpack", "validate", str(package)]


def export(package: Path, target: Path) -> list[str]:
    """Validation and export to Parquet."""
    base = [sys.executable, "-m", "claimpack", "export", str(package), "--to", "parquet"]
    return [*base, "-o", str(target), "--force"]


def frictionless(package: Path) -> list[str]:
    """The reference implementation's command."""
    return [sys.executable, "-m", "frictionless", "validate", str(package / "datapackage.json")]


def peer(name: str, package: Path, *more: str) -> list[str]:
    """One of the peers below, in a process of its own."""
    return [sys.executable, str(HERE), "--peer", name, str(package), *more]


def _resources(package: Path) -> list[dict]:  # type: ignore[type-arg]
    found = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    return list(found)


def _pyarrow(package: Path) -> None:
    from pyarrow import csv

    for resource in _resources(package):
        for _ in csv.open_csv(package / resource["path"]):
            pass


def _types(resource: dict) -> dict:  # type: ignore[type-arg]
    import polars as pl

    known = {
        "integer": pl.Int64,
        "year": pl.Int64,
        "number": pl.Float64,
        "boolean": pl.Boolean,
        "date": pl.Date,
        "datetime": pl.Datetime("us", "UTC"),
        "time": pl.Time,
    }
    fields = resource["schema"]["fields"]
    return {field["name"]: known.get(field["type"], pl.String) for field in fields}


def _polars(package: Path, target: str) -> None:
    import polars as pl

    for resource in _resources(package):
        frame = pl.scan_csv(package / resource["path"], schema=_types(resource))
        path = Path(target) / f"{resource['name']}.parquet"
        frame.sink_parquet(path, compression="zstd", compression_level=3)


def _pandera(package: Path) -> None:
    import pandera.polars as pa
    import polars as pl

    bounds: dict[str, Callable] = {  # type: ignore[type-arg]
        "minimum": pa.Check.ge,
        "maximum": pa.Check.le,
        "enum": pa.Check.isin,
        "pattern": lambda pattern: pa.Check.str_matches(f"^(?:{pattern})$"),
        "maxLength": lambda length: pa.Check.str_length(max_value=length),
    }
    for resource in _resources(package):
        types, columns = _types(resource), {}
        key = resource["schema"]["primaryKey"]
        for item in resource["schema"]["fields"]:
            limits = dict(item.get("constraints", {}))
            required = limits.pop("required", False) or item["name"] in key
            kind = types[item["name"]]
            if kind == pl.Date:
                limits = {k: datetime.fromisoformat(v).date() for k, v in limits.items()}
            checks = [bounds[name](value) for name, value in limits.items()]
            form = _FORMS.get(item.get("format") or item["type"])
            checks += [pa.Check.str_matches(form)] if form else []
            columns[item["name"]] = pa.Column(kind, checks, nullable=not required)
        schema = pa.DataFrameSchema(columns, unique=key)
        schema.validate(pl.read_csv(package / resource["path"], schema=types), lazy=True)


_FORMS = {
    "yearmonth": r"^-?[0-9]{4,}-(0[1-9]|1[0-2])$",
    "duration": r"^-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T.+)?$",
    "uri": r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
}
"""Types that the peers know as texts with a pattern alone."""


def _dataframely(package: Path) -> None:
    import dataframely as dy
    import polars as pl

    kinds: dict[object, Callable] = {  # type: ignore[type-arg]
        pl.Int64: dy.Int64,
        pl.Float64: dy.Float64,
        pl.Boolean: dy.Bool,
        pl.Date: dy.Date,
        pl.Time: dy.Time,
        pl.Datetime("us", "UTC"): partial(dy.Datetime, time_unit="us", time_zone="UTC"),
        pl.String: dy.String,
    }
    names = {"minimum": "min", "maximum": "max", "maxLength": "max_length", "pattern": "regex"}
    frames = {}
    for resource in _resources(package):
        types, columns = _types(resource), {}
        key = resource["schema"]["primaryKey"]
        for item in resource["schema"]["fields"]:
            limits = dict(item.get("constraints", {}))
            required = limits.pop("required", False)
            listed = limits.pop("enum", None)
            kind = types[item["name"]]
            if kind == pl.Date:
                limits = {k: datetime.fromisoformat(v).date() for k, v in limits.items()}
            options = {names[name]: value for name, value in limits.items()}
            if "regex" in options:
                options["regex"] = f"^(?:{options['regex']})$"
            if form := _FORMS.get(item.get("format") or item["type"]):
                options["regex"] = form
            if listed:
                options["check"] = _among(listed)
            mine = item["name"] in key
            columns[item["name"]] = kinds[kind](
                nullable=not required and not mine, primary_key=mine, **options
            )
        schema: Any = type(resource["name"], (dy.Schema,), columns)
        frame = pl.read_csv(package / resource["path"], schema=types)
        frames[resource["name"]] = schema.validate(frame)
    for resource in _resources(package):
        for link in resource["schema"].get("foreignKeys", ()):
            target = frames[link["reference"]["resource"] or resource["name"]]
            theirs = link["reference"]["fields"]
            own = frames[resource["name"]].drop_nulls(link["fields"])
            lost = own.join(target, left_on=link["fields"], right_on=theirs, how="anti")
            assert lost.is_empty()


def _among(listed: list[object]) -> Callable[[Any], Any]:
    return lambda column: column.is_in(listed)


_PEERS: dict[str, Callable] = {  # type: ignore[type-arg]
    "dataframely": _dataframely,
    "pyarrow": _pyarrow,
    "polars": _polars,
    "pandera": _pandera,
}


# --- how it is compared -------------------------------------------------------------------


def paired(first: list[str], second: list[str], runs: int, expected: int = 0) -> Pairs:
    """Two commands in turn, one round first that does not count.

    `expected` is the exit code of the first; the second's is 0.
    """
    run(first, expected=expected)
    run(second)
    return Pairs([(run(first, expected=expected), run(second)) for _ in range(runs)])


@dataclass(frozen=True)
class Pairs:
    """Runs of two commands, side by side."""

    pairs: list[tuple[Run, Run]]

    @property
    def ratio(self) -> float:
        """Median of the first's time over the second's, pair by pair."""
        return statistics.median(a.seconds / b.seconds for a, b in self.pairs)

    @property
    def spread(self) -> tuple[float, float]:
        """Smallest and largest ratio."""
        ratios = [a.seconds / b.seconds for a, b in self.pairs]
        return min(ratios), max(ratios)

    def seconds(self, side: int) -> float:
        """Median time of one side."""
        return statistics.median(pair[side].seconds for pair in self.pairs)

    def processor(self, side: int) -> float:
        """Median processor time of one side."""
        return statistics.median(pair[side].processor for pair in self.pairs)

    def told(self) -> str:
        """The ratio and what it comes from."""
        low, high = self.spread
        return (
            f"**{self.ratio:.2f}** ({low:.2f} to {high:.2f}); {self.seconds(0):.2f} s against "
            f"{self.seconds(1):.2f} s (processor {self.processor(0):.1f} against "
            f"{self.processor(1):.1f})"
        )


@dataclass
class Bench:
    """The measurements, over packages made when first asked for."""

    folder: Path
    shape: Shape
    runs: int
    far: bool = False

    def package(self, **changes: object) -> tuple[Path, Made]:
        """A package made like the bench's, with changes; kept for the next who asks."""
        shape = replace(self.shape, **changes)  # type: ignore[arg-type]
        name = "-".join(f"{key}{value}" for key, value in vars(shape).items())
        place = self.folder / name
        kept = place / "made.json"
        if kept.exists():
            rows, size = json.loads(kept.read_text(encoding="utf-8"))
            return place, Made(place / "datapackage.json", rows, size, {})
        made = generate.make(place, shape)
        kept.write_text(json.dumps([made.rows, made.bytes]), encoding="utf-8")
        return place, made

    def verdict(self, reached: bool) -> bool | None:
        """None on packages smaller than the targets are about: a smoke test proves nothing."""
        return reached if self.shape.rows >= MEANT else None

    def against(
        self, what: str, target: float, first: list[str], second: list[str], expected: int = 0
    ) -> Row:
        """A row for a ratio that should not be passed."""
        found = paired(first, second, self.runs, expected)
        return Row(what, f"{target:g}", found.told(), self.verdict(found.ratio <= target))

    def parse(self) -> Row:
        """Against parsing alone."""
        package, _ = self.package()
        what = "validate, against `pyarrow.csv.open_csv` drained"
        return self.against(what, 1.2, validate(package), peer("pyarrow", package))

    def frictionless(self) -> Row:
        """Rows a second against frictionless's, start-up taken off on both sides."""
        package, made = self.package()
        fewer, less = self.package(rows=min(FRICTIONLESS_ROWS, self.shape.rows))
        none, _ = self.package(rows=1)
        ours = paired(validate(package), validate(none), self.runs)
        theirs = paired(frictionless(fewer), frictionless(none), max(self.runs // 2, 1))
        our_rate = made.rows / max(ours.seconds(0) - ours.seconds(1), 1e-3)
        their_rate = less.rows / max(theirs.seconds(0) - theirs.seconds(1), 1e-3)
        measured = (
            f"**{our_rate / their_rate:.0f}** ({our_rate:,.0f} rows/s against {their_rate:,.0f}, "
            f"theirs on {less.rows:,} rows)"
        )
        what = "validate, rows a second against `frictionless validate`"
        reached = self.verdict(our_rate / their_rate >= 120)
        return Row(what, "at least 120", measured, reached)

    def pandera(self) -> Row:
        """Against pandera on polars."""
        package, _ = self.package()
        what = "validate, against pandera on polars (read and validate, no foreign keys)"
        return self.against(what, 0.5, validate(package), peer("pandera", package))

    def dataframely(self) -> Row:
        """Against dataframely on polars."""
        package, _ = self.package()
        what = "validate, against dataframely on polars (read and validate, foreign keys by hand)"
        return self.against(what, 0.5, validate(package), peer("dataframely", package))

    def export(self) -> Row:
        """Validation and export against polars' conversion."""
        package, _ = self.package()
        ours, theirs = self.folder / "ours", self.folder / "theirs"
        theirs.mkdir(exist_ok=True)
        what = "validate and export to Parquet, against polars `scan_csv().sink_parquet()`"
        row = self.against(what, 1.9, export(package, ours), peer("polars", package, str(theirs)))
        shutil.rmtree(ours)
        shutil.rmtree(theirs)
        return row

    def quoted(self) -> Row:
        """Quotes and newlines in them."""
        package, _ = self.package()
        other, _ = self.package(quoted=0.1)
        what = "a tenth of the cells quoted, newlines in some, against the file unquoted"
        return self.against(what, 1.3, validate(other), validate(package))

    def faults(self) -> Row:
        """A fault in every tenth row."""
        package, _ = self.package()
        other, _ = self.package(faults=0.1)
        what = "a fault of value in every tenth row, against the file clean"
        return self.against(what, 1.3, validate(other), validate(package), expected=1)

    def shuffled(self) -> Row:
        """Ids in no order; nothing is asked for."""
        package, _ = self.package()
        other, _ = self.package(keys="shuffled")
        found = paired(validate(other), validate(package), self.runs)
        return Row("ids in no order, against rising ids", "-", found.told(), None)

    def ketamine(self) -> Row:
        """A curator's package, start-up included."""
        what = "this repository's package by the command, against `frictionless validate`"
        found = paired(validate(ROOT), frictionless(ROOT), max(self.runs, 5))
        return Row(what, "0.5", found.told(), found.ratio <= 0.5)

    def memory(self) -> Row:
        """Peak memory, at 1 GB and, where asked for, at 10 GB."""
        sizes = [self.shape.rows, *([FAR] if self.far else [])]
        peaks = {}
        for rows in sizes:
            package, made = self.package(rows=rows)
            turns = 1 if rows == FAR else 2
            peaks[made.bytes] = max(run(validate(package)).memory for _ in range(turns))
        told = ", ".join(f"{peak / MIB:.0f} MiB at {n / 1e9:.2g} GB" for n, peak in peaks.items())
        reached = self.verdict(all(peak < 600e6 for peak in peaks.values()))
        return Row("peak memory of validate", "under 600 MB", f"**{told}**", reached)

    def growth(self) -> Row:
        """The exponent of time over rows, by least squares on logarithms."""
        sizes = [n for n in GROWTH if n <= self.shape.rows] or [self.shape.rows // 4]
        sizes += [self.shape.rows] if self.shape.rows not in sizes else []
        sizes += [FAR] if self.far else []
        none, _ = self.package(rows=1)
        start = statistics.median(run(validate(none)).seconds for _ in range(3))
        points = []
        for rows in sizes:
            package, made = self.package(rows=rows)
            turns = 1 if rows == FAR else min(self.runs, 3)
            times = [run(validate(package)).seconds - start for _ in range(turns)]
            points.append((made.rows, statistics.median(times)))
        exponent = slope([(math.log(n), math.log(max(t, 1e-3))) for n, t in points])
        told = ", ".join(f"{t:.2f} s at {n:,}" for n, t in points)
        what = "growth of validate's time over rows (start-up taken off)"
        reached = self.verdict(exponent <= 1.05)
        return Row(what, "exponent at most 1.05", f"**{exponent:.2f}** ({told})", reached)


MEASUREMENTS = (
    "parse",
    "frictionless",
    "pandera",
    "dataframely",
    "export",
    "quoted",
    "ketamine",
    "memory",
    "faults",
    "growth",
    "shuffled",
)


def slope(points: list[tuple[float, float]]) -> float:
    """The slope of the line that fits points best."""
    if len(points) < 2:
        return math.nan
    return statistics.linear_regression(*zip(*points, strict=True)).slope


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as a Markdown table."""
    yield "| what | to reach | measured | reached |"
    yield "|---|---|---|---|"
    for row in rows:
        said = "-" if row.reached is None else "yes" if row.reached else "**no**"
        yield f"| {row.what} | {row.target} | {row.measured} | {said} |"


def machine() -> Iterator[str]:
    """Where and with what it was measured."""
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in _lines("/proc/cpuinfo")
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    load = os.getloadavg()[0]
    yield f"- {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {platform.platform()}; {cpu}, "
    yield f"  {os.cpu_count()} processors, {memory:.0f} GiB; load at the start {load:.1f}"
    yield f"- Python {platform.python_version()}, " + ", ".join(map(_version, PEERS))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _version(name: str) -> str:
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        return f"{name} (this checkout)" if name == "claimpack" else f"{name} absent"


def main() -> None:
    """The command."""
    if sys.argv[1:2] == ["--peer"]:
        _PEERS[sys.argv[2]](Path(sys.argv[3]), *sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=5, help="paired runs that count")
    parser.add_argument("--only", action="append", choices=MEASUREMENTS, help="repeatable")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} rows, one run")
    parser.add_argument("--far", action="store_true", help="100 million rows as well (10 GB)")
    parser.add_argument("--folder", type=Path, help="where packages are made and kept")
    chosen = parser.parse_args()
    rows, runs = (QUICK, 1) if chosen.quick else (chosen.rows, chosen.runs)
    with tempfile.TemporaryDirectory(prefix="claimpack-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder, Shape(rows=rows), runs, chosen.far)
        print("\n".join(machine()))
        print(f"- {rows:,} rows, {runs} paired runs, whole processes, medians (range)\n")
        print(SETTINGS)
        found = []
        for name in chosen.only or MEASUREMENTS:
            print(f"measuring {name}", file=sys.stderr, flush=True)
            try:
                found.append(getattr(bench, name)())
            except RuntimeError as error:
                print(f"{name}: {error}", file=sys.stderr)
                found.append(Row(name, "-", "could not be run, see the log", False))
        print("\n".join(table(found)))


if __name__ == "__main__":
    main()
