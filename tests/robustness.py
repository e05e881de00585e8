"""Run the command on large and hostile inputs, and write time and memory into docs/robustness.md.

    python tests/robustness.py                    every input; takes a while
    python tests/robustness.py --only commas      those whose name holds a word; other rows stay
    python tests/robustness.py --check            compare inputs and limits, run nothing

Each run has a limit on its address space and on time. Needs a system with such limits.
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import re
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from claimpack import limits
from docs import table
from hostile import INPUTS, Input

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/robustness.md"
ADDRESS_SPACE = 8 * 10**9
TIMEOUT = 60.0
HEAD = ("input", "outcome", "exit code", "seconds", "peak memory, MB")
OPEN = ("not measured", "", "", "")
OUTCOMES = {0: "valid", 1: "invalid", 2: "refused", 3: "not checked"}


@dataclass(frozen=True)
class Measured:
    """One run: its exit code, None where it was killed, the last line said, time and memory."""

    code: int | None
    line: str
    seconds: float
    peak: int

    def cells(self) -> tuple[str, ...]:
        """What the table says of it, without the name."""
        code = "killed" if self.code is None else str(self.code)
        peak = f"{self.peak / 10**6:,.0f}"
        return (self.line, code, f"{self.seconds:.1f}", peak)


# Measuring


def measure(item: Input, timeout: float = TIMEOUT) -> Measured:
    """Make an input, and run the command on it to its end or to a limit."""
    with tempfile.TemporaryDirectory() as folder:
        _apart(item, Path(folder))
        with tempfile.TemporaryFile() as out:
            start = time.perf_counter()
            pid = _start(item, folder, out.fileno())
            status, used = _wait(pid, start + timeout)
            seconds = time.perf_counter() - start
            size = out.seek(0, os.SEEK_END)
            out.seek(max(0, size - 4000))
            last = out.read().decode("utf-8", "replace")
    unit = 1 if sys.platform == "darwin" else 1024
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        return Measured(None, signal.Signals(-code).name, seconds, used.ru_maxrss * unit)
    return Measured(code, outcome(code, last), seconds, used.ru_maxrss * unit)


def _apart(item: Input, folder: Path) -> None:
    """Make the input in a process of its own: what a process once took counts for its children."""
    pid = os.fork()
    if pid == 0:
        try:
            item.make(folder)
        except BaseException as error:
            os.write(2, f"{item.name}: {error!r}\n".encode())
            os._exit(1)
        os._exit(0)
    if os.waitpid(pid, 0)[1] != 0:
        raise RuntimeError(f"{item.name} could not be made")


def _start(item: Input, folder: str, out: int) -> int:
    return os.fork() or _become(item, folder, out)


def _become(item: Input, folder: str, out: int) -> NoReturn:
    os.chdir(folder)
    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    os.dup2(os.open(item.stdin or os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1", "TMPDIR": folder}
    os.execve(sys.executable, [sys.executable, "-m", "claimpack", *item.argv], environment)


def _wait(pid: int, until: float) -> tuple[int, resource.struct_rusage]:
    while time.perf_counter() < until:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            return status, used
        time.sleep(0.02)
    with suppress(ProcessLookupError):  # it may not have become a group of its own yet
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    _, status, used = os.wait4(pid, 0)
    return status, used


def outcome(code: int, said: str) -> str:
    """The closing line of a report without its time; of what is no text, the exit code's word."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    closing = re.match(
        r"(valid|invalid|not checked|partly checked|claimpack)\b.*", lines[-1] if lines else ""
    )
    if closing is None:
        return OUTCOMES.get(code, "unknown")
    return re.sub(r"; [\d.]+ m?s$", "", closing[0]).removeprefix("claimpack: ")[:120]


# The page


def limit_rows() -> list[tuple[str, ...]]:
    """Each limit by name, with its default and what it is, as its module says."""
    body = ast.parse(Path(limits.__file__).read_text(encoding="utf-8")).body
    found: list[tuple[str, ...]] = []
    for statement, after in pairwise(body):
        if isinstance(statement, ast.Assign) and isinstance(after, ast.Expr):
            (name,) = (target.id for target in statement.targets if isinstance(target, ast.Name))
            meaning = " ".join(str(ast.literal_eval(after.value)).split())
            found.append((f"`{name}`", _shown(name, getattr(limits, name)), meaning))
    return found


def _shown(name: str, value: object) -> str:
    """A limit in the unit that its name gives."""
    if isinstance(value, int) and value >= limits.MIB and value % limits.MIB == 0:
        mebibytes = value // limits.MIB
        return f"{mebibytes // 1024} GiB" if mebibytes % 1024 == 0 else f"{mebibytes} MiB"
    if name.endswith("SECONDS") and isinstance(value, float):
        return f"{value:g} s"
    return f"{value:,}" if isinstance(value, int) else str(value)


def known(text: str) -> dict[str, tuple[str, ...]]:
    """The rows of the measured tables by input, as the page has them."""
    part = between(text, "measured")
    rows = (re.split(r"(?<!\\) \| ", line[2:-2]) for line in part.splitlines() if line[:2] == "| ")
    cells = ([cell.replace("\\|", "|") for cell in row] for row in rows)
    return {row[0]: tuple(row[1:]) for row in cells if row[0] not in (HEAD[0], "---")}


def between(text: str, mark: str) -> str:
    """What stands between a pair of marks."""
    return text.partition(f"<!-- {mark} -->\n")[2].partition(f"<!-- end of {mark} -->")[0]


def replaced(text: str, mark: str, new: str) -> str:
    """The page with something else between a pair of marks."""
    before, start, rest = text.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- end of {mark} -->")
    return f"{before}{start}\n{new}\n\n{end}{after}"


def page(text: str, rows: dict[str, tuple[str, ...]], where: str) -> str:
    """The page with the limits of the code, and these rows of each input."""
    groups = dict.fromkeys(item.group for item in INPUTS)
    parts = [where, *(_group(name, rows) for name in groups)]
    limited = table(("limit", "default", "what it is"), limit_rows())
    return replaced(replaced(text, "limits", limited), "measured", "\n\n".join(parts))


def _group(name: str, rows: dict[str, tuple[str, ...]]) -> str:
    own = [(item.name, *rows.get(item.name, OPEN)) for item in INPUTS if item.group == name]
    return f"### {name}\n\n{table(HEAD, own)}"


def place(text: str) -> str:
    """Where it was measured, as the page says."""
    return between(text, "measured").strip().partition("\n")[0]


def here() -> str:
    """The machine of this run."""
    cores, python = os.cpu_count(), platform.python_version()
    return (
        f"{platform.system()}, {cores} processor cores, Python {python}; address space of "
        f"{ADDRESS_SPACE // 10**9} GB, {TIMEOUT:.0f} seconds."
    )


def differing(text: str) -> Iterator[str]:
    """What the page says otherwise than the code: its inputs, its limits."""
    if list(known(text)) != [item.name for item in INPUTS]:
        yield "the measured inputs are not those of tests/hostile.py"
    if between(text, "limits").strip() != table(("limit", "default", "what it is"), limit_rows()):
        yield "the limits are not those of claimpack.limits"


def run(items: Iterable[Input], timeout: float) -> Iterator[tuple[str, Measured]]:
    """Measure one after the other."""
    for item in items:
        found = measure(item, timeout)
        print(" | ".join((item.name, *found.cells())), flush=True)
        yield item.name, found


def _write(text: str) -> None:
    PAGE.write_text(text, encoding="utf-8", newline="\n")


def main(argv: list[str] | None = None) -> int:
    """Measure and write the page, or compare it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare, run and write nothing")
    parser.add_argument(
        "--only", action="append", metavar="WORD", help="inputs with this word (repeatable)"
    )
    parser.add_argument("--timeout", type=float, default=TIMEOUT, help="seconds for each input")
    parser.add_argument("--dry-run", action="store_true", help="measure, write nothing")
    options = parser.parse_args(argv)
    text = PAGE.read_text(encoding="utf-8")
    if options.check:
        found = list(differing(text))
        print("\n".join([*found, "run tests/robustness.py"] if found else ["up to date"]))
        return 1 if found else 0
    chosen = [
        item
        for item in INPUTS
        if options.only is None
        or any(word in f"{item.group}: {item.name}" for word in options.only)
    ]
    rows = known(text)
    where = here() if options.only is None else place(text) or here()

    def write() -> None:
        if not options.dry_run:
            _write(page(text, rows, where))

    write()
    for name, measured in run(chosen, options.timeout):
        rows[name] = measured.cells()
        write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
