"""What an editor waits for: a chapter saved until the change is seen in the browser that is open on it.

Enters: a copy of the guide and a plain project, both of which are edited. Leaves: figures of `guide serve` and of plain
`mkdocs serve`, taken in turn.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from tests.bench.rows import Figure

SAVES = 7
READY = 300.0
"""Seconds that a preview may take to come up on a busy machine."""
CHAPTER = "chapters/insider-threat"
HEADING = "## Why it matters {#why-it-matters}"
OURS = ("guide", "serve", "--port")
PLAIN = ("mkdocs", "serve", "--dev-addr")


def measure(browser: Browser, root: Path, ours: Path, plain: Path) -> dict[str, Figure]:
    """Milliseconds from a save to the change on the screen; the first save of each warms up and does not count."""
    with ExitStack() as stack:
        open_pages = [
            (project, stack.enter_context(_preview(browser, root, project, program)))
            for project, program in ((ours, OURS), (plain, PLAIN))
        ]
        taken: list[list[float]] = [[], []]
        for number in range(SAVES + 1):
            for side, (project, page) in enumerate(open_pages):
                waited = _save(project, page, f"Saved {number} times.")
                taken[side] += [waited] if number else []
    note = f"`guide serve` beside `mkdocs serve`; ours longest {max(taken[0]):.0f}"
    return {"preview.time": Figure(median(taken[0]), median(taken[1]), SAVES, note)}


@contextmanager
def _preview(browser: Browser, root: Path, project: Path, program: tuple[str, ...]) -> Iterator[Page]:
    """A page of a running preview, open on the chapter that is edited."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    where = f"127.0.0.1:{port}" if program is PLAIN else str(port)
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(root)}
    server = subprocess.Popen(
        [sys.executable, "-m", *program, where], cwd=project, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://{'127.0.0.1' if program is PLAIN else 'localhost'}:{port}/{CHAPTER}/"
    try:
        _until_there(address, server)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        page.wait_for_timeout(2000)
        yield page
        page.close()
    finally:
        server.terminate()
        server.wait(timeout=60)


def _until_there(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError(f"The preview ended with {server.returncode} before it answered.")
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"No preview at {address}.")


def _save(project: Path, page: Page, words: str) -> float:
    """Milliseconds until `words`, saved below a heading of the chapter, stand in the page."""
    path = project / "docs" / "en" / f"{CHAPTER}.md"
    before, heading, after = path.read_text(encoding="utf-8").partition(HEADING)
    _, _, rest = after.partition("\n\n")
    if rest.startswith("Saved "):
        rest = rest.partition("\n\n")[2]
    text = f"{before}{heading}\n\n{words}\n\n{rest}"
    page.wait_for_timeout(1500)  # rules and watchers of the save before are done
    start = time.perf_counter()
    path.write_text(text, encoding="utf-8")
    page.wait_for_function("words => document.body?.innerText.includes(words)", arg=words, timeout=120_000)
    return (time.perf_counter() - start) * 1000
