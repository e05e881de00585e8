"""Draws time and memory over rows for claimpack and its peers, into docs/.

    python tests/benchmarks/plot.py --folder /somewhere/with/space
    python tests/benchmarks/plot.py --drawn docs/benchmarks.json

Every point is the median of three whole processes. The figures are kept beside the
pictures, so that they can be drawn again without measuring. Needs altair and
vl-convert-python.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from generate import Shape
from measure import MIB, ROOT, Bench, peer, run, validate

SIZES = (100_000, 300_000, 1_000_000, 3_000_000, 10_000_000)
RUNS = 3
NAMES = {
    "claimpack": "claimpack validate",
    "pyarrow": "pyarrow, parse only",
    "pandera": "pandera on polars, no foreign keys",
    "frictionless": "frictionless validate",
}
COLOURS = ("#0b6e75", "#8a8f98", "#b4572a", "#5b4a9c")
FAR = 300_000
"""Rows beyond which frictionless is left alone: it takes minutes."""
PICTURES = (
    ("seconds", "seconds, whole process", "time"),
    ("memory", "peak memory in MiB", "memory"),
)


def commands(package: Path, rows: int) -> dict[str, list[str]]:
    """What is run on a package of that many rows."""
    from measure import frictionless

    made = {
        "claimpack": validate(package),
        "pyarrow": peer("pyarrow", package),
        "pandera": peer("pandera", package),
    }
    return made | ({"frictionless": frictionless(package)} if rows <= FAR else {})


def measure(folder: Path) -> list[dict[str, float | str]]:
    """Seconds and memory of every tool at every size."""
    bench = Bench(folder, Shape(rows=SIZES[0]), RUNS)
    points: list[dict[str, float | str]] = []
    for size in SIZES:
        package, made = bench.package(rows=size)
        for name, command in commands(package, size).items():
            runs = [run(command) for _ in range(1 if name == "frictionless" else RUNS)]
            seconds = statistics.median(item.seconds for item in runs)
            memory = max(item.memory for item in runs) / MIB
            points.append(
                {
                    "tool": NAMES[name],
                    "rows": made.rows,
                    "seconds": round(seconds, 3),
                    "memory": round(memory, 1),
                }
            )
            told = f"{NAMES[name]:<36}{made.rows:>12,}{seconds:>9.2f} s{memory:>8.0f} MiB"
            print(told, flush=True)
    return points


def draw(points: list[dict[str, float | str]], folder: Path) -> None:
    """Two pictures on logarithmic axes, each line named where it ends."""
    import altair as alt

    order = list(NAMES.values())
    for value, title, name in PICTURES:
        base = alt.Chart(alt.Data(values=points)).encode(
            x=alt.X("rows:Q", title="rows", scale=alt.Scale(type="log", domain=[8e4, 1.2e7])),
            y=alt.Y(f"{value}:Q", title=title, scale=alt.Scale(type="log", nice=False)),
            color=alt.Color(
                "tool:N", sort=order, scale=alt.Scale(domain=order, range=COLOURS), title=None
            ),
            shape=alt.Shape("tool:N", sort=order, scale=alt.Scale(domain=order), title=None),
        )
        lines = base.mark_line(strokeWidth=2) + base.mark_point(filled=True, size=45)
        chart = lines.properties(width=560, height=320, background="white").configure(
            font="sans-serif",
            axis=alt.AxisConfig(labelFontSize=12, titleFontSize=13, gridColor="#e4e6ea"),
            legend=alt.LegendConfig(labelFontSize=12, labelLimit=320, orient="top", columns=2),
        )
        chart.save(folder / f"benchmarks-{name}.svg")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--folder", type=Path, help="where packages are made and kept")
    parser.add_argument("--drawn", type=Path, help="figures to draw again, not to measure")
    parser.add_argument("--into", type=Path, default=ROOT / "docs")
    chosen = parser.parse_args()
    if chosen.drawn:
        points = json.loads(chosen.drawn.read_text(encoding="utf-8"))
    else:
        if chosen.folder is None:
            parser.error("--folder names where packages are made; 1.5 GB are needed")
        points = measure(chosen.folder)
        lines = ",\n".join(json.dumps(point) for point in points)
        (chosen.into / "benchmarks.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    draw(points, chosen.into)


if __name__ == "__main__":
    main()
