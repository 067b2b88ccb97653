"""The large run, on loopback: throughput for a signed-in member beside the same server and files without the gate.

Enters: --build, --seconds. Leaves: requests a second for both, their ratio, and errors (there must be none). Needs wrk.
python hosting/acceptance/load.py --build build
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import trees  # noqa: E402
from client import Site  # noqa: E402
from gate import httpd  # noqa: E402
from machine import Machine  # noqa: E402
from signin import sign_in  # noqa: E402

SCRIPT = """local urls = {{{urls}}}
local turn = 0
local cookies = {{{cookies}}}
request = function()
  turn = turn + 1
  wrk.headers["Cookie"] = cookies[turn % #cookies + 1]
  return wrk.format("GET", urls[turn % #urls + 1])
end
"""


@dataclass(frozen=True)
class Load:
    """What wrk measured: requests a second, median and 99th percentile in milliseconds, answers that were errors."""

    rate: float
    median: str
    slowest: str
    errors: int


def quoted(words: list[str]) -> str:
    """Words as a list in Lua."""
    return ", ".join(f'"{word}"' for word in words)


def wrk(site: Site, urls: list[str], cookies: list[str], seconds: int) -> Load:
    """64 connections for so many seconds over these URLs in turn."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(urls=quoted(urls), cookies=quoted(cookies)))
        script.flush()
        words = [
            "wrk",
            "-t2",
            "-c64",
            f"-d{seconds}s",
            "--timeout",
            "15s",
            "--latency",
            "-s",
            script.name,
            "-H",
            "Accept-Encoding: br",
        ]
        words += ["-H", "Accept: text/html", site.base]
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    print(told) if "errors" in told else None
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    median, slowest = re.search(r"\n +50%\s+(\S+)", told), re.search(r"\n +99%\s+(\S+)", told)
    if rate is None or median is None or slowest is None:
        raise ValueError(told)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", told)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", told)
    errors = (int(wrong[1]) if wrong else 0) + (sum(map(int, broken.groups())) if broken else 0)
    return Load(float(rate[1]), median[1], slowest[1], errors)


def open_copy(folder: Path) -> Path:
    """The configuration with one change: everybody may read the member folder."""
    folder.mkdir()
    for path in httpd.CONF.iterdir():
        text = path.read_text()
        if path.name == "site.conf":
            begin, end = text.index("    Use GateSignIn"), text.index("    AuthzSendForbiddenOnFailure")
            text = text[:begin] + "    Require all granted\n" + text[end:]
        (folder / path.name).write_text(text)
    return folder


def used(machine: Machine) -> float:
    """Processor seconds that this gate's httpd and its workers have used."""
    parent = httpd.running(machine.settings)
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if parent is not None and int(fields[1]) == parent:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Prints the figures; 0 if no answer was an error."""
    parser = argparse.ArgumentParser(description="Throughput of the gate on loopback.")
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=30)
    words = parser.parse_args()
    found = trees.read(words.build / "member", words.build / "public")
    # what a reader loads all the time: pages, styles, scripts, search and data; paper is a download now and then
    wanted = (".html", ".css", ".js", ".json")
    urls = [file.url for file in found.plain if file.url.endswith(wanted)]
    with tempfile.TemporaryDirectory() as name:
        opened = open_copy(Path(name) / "open")
        machines = {
            "gated": Machine(words.build.resolve()).start(),
            "open": Machine(words.build.resolve(), opened).start(),
        }
        loads: dict[str, list[Load]] = {mode: [] for mode in machines}
        try:
            phrase = str(machines["gated"].accounts()["member"]["passphrase"])
            cookies = {"gated": sign_in(Site(machines["gated"].origin), "member", phrase)[0].cookie(), "open": "x=y"}
            before = {mode: used(machine) for mode, machine in machines.items()}
            # in slices by turns, so that whatever else the machine does is shared by both
            for _ in range(6):
                for mode, machine in machines.items():
                    loads[mode].append(wrk(Site(machine.origin), urls, [cookies[mode]], words.seconds // 6))
            spent = {mode: used(machine) - before[mode] for mode, machine in machines.items()}
        finally:
            for machine in machines.values():
                machine.end()
    rates = {mode: sum(load.rate for load in slices) / len(slices) for mode, slices in loads.items()}
    errors = {mode: sum(load.errors for load in slices) for mode, slices in loads.items()}
    for mode, slices in loads.items():
        cost = 1000 * spent[mode] / (rates[mode] * words.seconds)
        median, slowest = slices[len(slices) // 2].median, slices[len(slices) // 2].slowest
        print(
            f"{mode:6}{rates[mode]:7.0f} requests/s, {cost:.2f} ms of processor each, median {median}, 99% {slowest}",
            end="",
        )
        print(f", {errors[mode]} errors")
    print(
        f"ratio {rates['gated'] / rates['open']:.2f}; {len(urls)} files in turn, 64 connections, {words.seconds} s each"
    )
    return 1 if any(errors.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
