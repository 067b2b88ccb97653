"""`make bench`: measures every row, prints one table, writes build/bench.json, and names what got worse.

Enters: the project's folder and the recorded figures. Leaves: build/bench.json; with --record, the figures recorded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean

import brotli
from playwright.sync_api import Browser

from guide.building import build_site
from guide.compression import precompress
from guide.modules import join_modules
from guide.scripts import shortened
from tests.bench import answering, building, editing, printing, reading
from tests.bench.machine import load, machine, versions
from tests.bench.many import multiply
from tests.bench.plain import make_plain
from tests.bench.processor import used
from tests.bench.result import LEFT_OUT, Result, incomparable, worse
from tests.bench.rows import ROWS, Figure
from tests.browser import chromium, serve

ROOT = Path(__file__).parent.parent.parent
RECORDED = Path(__file__).parent / "recorded.json"
PARTS = {
    "pages": ("page.", "script.chapter"), "search": ("search.",), "build": ("build.",), "preview": ("preview.",),
    "answers": ("answer.",), "paper": ("paper.",), "scripts": ("script.assessment",),
}  # fmt: skip
"""What can be left out, and the rows that each part measures."""
QUICK = {1: 3}
"""Sizes and runs of --quick."""


def main() -> int:
    """0; with --check 1 when a budget is not kept or something got worse."""
    asked = _asked()
    work = ROOT / "build" / "bench"
    work.mkdir(parents=True, exist_ok=True)
    loads = [load()]
    figures: dict[str, Figure] = {}
    reasons = {name: f"{LEFT_OUT} (--without)" for part in asked.without for name in _rows(part)}
    for part, step in _steps(work, asked.quick).items():
        if part in asked.without:
            continue
        say(f"· {part}")
        try:
            figures.update(step())
        except Exception as error:  # one part must not take the others with it
            said = (str(error).splitlines() or [type(error).__name__])[0]
            reasons.update(dict.fromkeys(_rows(part), said))
            say(f"not measured: {said}")
        loads.append(load())
    if asked.quick:
        reasons.update({row.name: f"{LEFT_OUT} (--quick)" for row in ROWS if row.name not in {**figures, **reasons}})
    result = Result(machine(), versions(), mean(loads) / int(machine()["cores"]), figures, reasons)
    return _tell(result, record=asked.record, check=asked.check)


def _rows(part: str) -> list[str]:
    """Names of the rows that a part measures."""
    return [row.name for row in ROWS if row.name.startswith(PARTS[part])]


def _asked() -> argparse.Namespace:
    words = argparse.ArgumentParser(prog="make bench", description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--without", action="append", default=[], choices=PARTS, help="leave a part out")
    words.add_argument("--quick", action="store_true", help="the guide as it is, not 5 and 20 times")
    words.add_argument("--record", action="store_true", help="keep these figures as the ones to compare with")
    words.add_argument("--check", action="store_true", help="end with 1 when something is worse or over budget")
    return words.parse_args()


def _steps(work: Path, quick: bool) -> Mapping[str, Callable[[], Mapping[str, Figure]]]:
    """What measures each part; the sites are made when the first part needs them."""
    made: list[Path] = []
    whole: list[Figure] = []

    def sites() -> tuple[Path, Path]:
        if not made:
            say("  both sites are built and compressed")
            before = used()
            build_site(ROOT, html_only=True, say=lambda _: None, folder=work / "site")
            whole.append(Figure(used() - before, note="processor time"))
            made.append(_plain_site(work / "plain"))
        return work / "site", made[0]

    def build() -> Mapping[str, Figure]:
        found = building.measure(ROOT, work, say, QUICK if quick else building.SERIES)
        sites()
        return {**found, "build.whole": whole[0]}

    def chosen() -> list[str]:
        return reading.chapters(sites()[0] / "member")

    def preview() -> Mapping[str, Figure]:
        multiply(ROOT, work / "edited")
        make_plain(ROOT, work / "edited-plain")
        with chromium() as browser:
            return editing.measure(browser, ROOT, work / "edited", work / "edited-plain")

    return {
        "build": build,
        "pages": lambda: _served(sites(), lambda browser, both: reading.measure_pages(browser, both, chosen())),
        "search": lambda: _served(sites(), lambda browser, both: reading.measure_search(browser, both, chosen())),
        "answers": lambda: _served(sites(), lambda browser, both: answering.measure(browser, both[0])),
        "preview": preview,
        "paper": lambda: printing.measure(ROOT, work, say),
        "scripts": scripts,
    }


def _plain_site(project: Path) -> Path:
    """The plain site, compressed as ours is, with the 404 of each language that the server asks for."""
    make_plain(ROOT, project)
    building.pages_step(project)
    site = project / "site"
    (site / "es" / "404.html").write_bytes((site / "404.html").read_bytes())
    precompress(site, thorough=True)
    return site


def _served(
    trees: tuple[Path, Path], step: Callable[[Browser, tuple[str, str]], Mapping[str, Figure]]
) -> Mapping[str, Figure]:
    """What `step` finds at the addresses of ours and of plain, in a browser of its own."""
    ours, plain = trees
    policy = json.loads((ours / "csp.json").read_text(encoding="utf-8"))["member"]
    with serve(ours / "member", policy) as first, serve(plain, "") as second, chromium() as browser:
        return step(browser, (first, second))


def scripts() -> Mapping[str, Figure]:
    """Everything that the self-assessment can load, in one file as a page gets it."""
    modules = sorted((ROOT / "overrides" / "assets" / "javascripts" / "assessment").glob("*.js"))
    joined = shortened(join_modules(modules, whole=True)).encode()
    size = len(brotli.compress(joined, quality=11)) / 1000
    return {"script.assessment": Figure(size, note=f"{len(modules)} modules, {len(joined) / 1000:.0f} kB before that")}


def say(line: str) -> None:
    """Progress, beside the table."""
    print(line, file=sys.stderr, flush=True)


def _tell(result: Result, *, record: bool, check: bool) -> int:
    """The table, what got worse, the files."""
    text = json.dumps(result.as_json(), ensure_ascii=False, indent=1) + "\n"
    (ROOT / "build" / "bench.json").write_text(text, encoding="utf-8")
    print(*result.table(), sep="\n")
    found: list[str] = []
    if RECORDED.exists():
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
        found = list(worse(result, recorded))
        print("", "Worse than recorded:" if found else "Nothing is 15 % worse than recorded.", *found, sep="\n")
        if names := incomparable(result, recorded):
            print(f"Recorded on another machine, not compared: {', '.join(names)}")
    if missed := result.missed():
        print("", f"Over budget: {', '.join(missed)}", sep="\n")
    if record:
        RECORDED.write_text(text, encoding="utf-8")
    return 1 if check and (found or missed) else 0


if __name__ == "__main__":
    raise SystemExit(main())
