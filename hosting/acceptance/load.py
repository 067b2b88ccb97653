"""The large run, on loopback: throughput for a signed-in member beside the same server and files without the gate.

Enters: --build, --seconds. Leaves: requests a second for both, their ratio, and errors (there must be none). Needs wrk.
python hosting/acceptance/load.py --build build
"""

from __future__ import annotations

import argparse
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
    loads = {}
    with tempfile.TemporaryDirectory() as name:
        opened = open_copy(Path(name) / "open")
        for mode, conf, count in (("gated", httpd.CONF, 1), ("gated", httpd.CONF, 8), ("open", opened, 0)):
            machine = Machine(words.build.resolve(), conf).start()
            try:
                site, phrase = Site(machine.origin), str(machine.accounts()["member"]["passphrase"])
                cookies = [sign_in(site, "member", phrase)[0].cookie() for _ in range(count)] or ["x=y"]
                wrk(site, urls, cookies, 2)
                loads[f"{mode}, {count} sessions"] = wrk(site, urls, cookies, words.seconds)
            finally:
                machine.end()
    free = loads["open, 0 sessions"].rate
    for mode, load in loads.items():
        figures = f"{load.rate:7.0f} requests/s, median {load.median}, 99% {load.slowest}, {load.errors} errors"
        print(f"{mode:18} {figures}, ratio {load.rate / free:.2f}")
    print(f"{len(urls)} files in turn, 64 connections, {words.seconds} s each")
    return 1 if any(load.errors for load in loads.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
