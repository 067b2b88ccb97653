"""How long the pages take and how much memory: one build in a process of its own, ours or plain.

Enters: a project's folder. Leaves: processor seconds (with those of programs that it starts), seconds by the clock, and
the most memory in MB. Run as a program it makes one build and prints these; as a module it runs such programs in pairs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.many import multiply
from tests.bench.plain import make_plain
from tests.bench.processor import most_memory, used
from tests.bench.rows import Figure

Say = Callable[[str], None]
SERIES = {1: 5, 5: 3, 20: 1}
"""How often each size is built."""


@dataclass(frozen=True)
class Cost:
    """What one build took: processor and clock in seconds, memory in MB."""

    processor: float
    clock: float
    memory: float


def built(project: Path, root: Path) -> Cost:
    """The cost of one build of the pages of `project`; `root` is where this program is imported from."""
    command = [sys.executable, "-m", "tests.bench.building", str(project)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{project.name} was not built:\n{done.stderr[-2000:]}")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def pages_step(project: Path) -> None:
    """The pages of one project, as guide/building.py makes those of the member site."""
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    config = load_config(str(project / "mkdocs.yml"), site_dir=str(project / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    build(config)


def measure(root: Path, work: Path, say: Say, series: Mapping[int, int] = SERIES) -> dict[str, Figure]:
    """Time and memory at every size of `series`, ours and plain in turn."""
    figures: dict[str, Figure] = {}
    costs: dict[int, tuple[list[Cost], list[Cost]]] = {}
    for times, runs in series.items():
        ours, plain = work / f"ours-{times}", work / f"plain-{times}"
        multiply(root, ours, times)
        make_plain(root, plain, times)
        say(f"pages at {times} ×: {runs} times, in turn")
        first = built(ours, root)
        pairs = [(built(ours, root), built(plain, root)) for _ in range(runs)]
        costs[times] = ([cost for cost, _ in pairs], [cost for _, cost in pairs])
        ending = "" if times == 1 else f".{times}"
        figures[f"build.time{ending}"] = _figure(costs[times], "processor")
        figures[f"build.memory{ending}"] = _figure(costs[times], "memory")
        if times == 1:
            ratio = median(one.processor / other.processor for one, other in pairs)
            clock = median(one.clock / other.clock for one, other in pairs)
            figures["build.ratio"] = Figure(ratio, 1, runs, f"by the clock {clock:.2f}")
            figures["build.first"] = Figure(first.processor)
    most = max(costs)
    if 1 in costs and most > 1:
        for kind, name in (("processor", "time"), ("memory", "memory")):
            ours_at, plain_at = ([_median(costs[n][side], kind) for n in (1, most)] for side in (0, 1))
            figures[f"build.linear.{name}"] = Figure(
                ours_at[1] / ours_at[0] / most, plain_at[1] / plain_at[0] / most, series[most], f"{most} × against 1 ×"
            )
    return figures


def _median(costs: list[Cost], kind: str) -> float:
    return median(float(getattr(cost, kind)) for cost in costs)


def _figure(costs: tuple[list[Cost], list[Cost]], kind: str) -> Figure:
    ours, plain = costs
    clock = f"by the clock {_median(ours, 'clock'):.1f} and {_median(plain, 'clock'):.1f}"
    return Figure(_median(ours, kind), _median(plain, kind), len(ours), "" if kind == "memory" else clock)


def main() -> None:
    """One build, as a program."""
    import guide.site  # noqa: F401 - what is imported is not part of the build
    import macros  # noqa: F401

    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    start, before = time.perf_counter(), used()
    pages_step(Path(sys.argv[1]))
    cost = {"processor": used() - before, "clock": time.perf_counter() - start, "memory": most_memory()}
    print(json.dumps(cost))


if __name__ == "__main__":
    main()
