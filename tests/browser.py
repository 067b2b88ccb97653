"""The built site as a reader's browser gets it: a small static server, Debian's Chromium, the checks of axe.

Enters: a built tree and its content security policy. Leaves: an address on loopback, a browser, what went wrong.
"""

from __future__ import annotations

import atexit
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, Playwright, Request, Response, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
DOCS = Path(__file__).parent.parent / "docs" / "en"
CHAPTER = "chapters/insider-threat/"
MISSING = "no-such-page/"
#: One address of every type of page, below the root of its language: one chapter, the 404, all the others.
PAGES = (
    "", CHAPTER, MISSING,
    *(f"{page.stem}/" for page in sorted(DOCS.glob("*.md")) if page.stem not in {"index", "preview"}),
)  # fmt: skip
ROOTS = {"en": "", "es": "es/"}
TYPES = {".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml", ".ics": "text/calendar"}
#: Complains where a page is left before a test has seen (tests/assessing.py, `saved`) that what it gave is stored. What
#: was given counts, not what waits at that moment: whether that is stored in time differs from machine to machine, and
#: the question that a reader would be asked is answered by Playwright. A test that means to leave takes its own tab.
UNSEEN = """{
  const given = ({ target, oldValue }) =>
    target.localName === "csbp-status" && [oldValue, target.dataset.state].includes("saving");
  new MutationObserver((changes) => (window.unseen ||= changes.some(given)))
    .observe(document, { subtree: true, attributeFilter: ["data-state"], attributeOldValue: true });
  addEventListener("beforeunload", () => window.unseen && console.error("left before the test saw everything saved"));
}"""


@cache
def _playwright() -> Playwright:
    """Playwright allows one of itself in a process; it ends with the process."""
    manager = sync_playwright()
    atexit.register(manager.__exit__)
    return manager.start()


@contextmanager
def chromium(**settings: Any) -> Iterator[Browser]:
    """Debian's Chromium without a window; `settings` go to Playwright's `launch`."""
    assert CHROMIUM.exists(), "Chromium is missing: apt-get install -y chromium"
    browser = _playwright().chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS), **settings)
    try:
        yield browser
    finally:
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    """Serves a folder as the gate does: folders by their index, br where it lies there, a 404 in each language."""

    def __init__(self, *args: Any, policy: str, **words: Any) -> None:
        self.policy = policy
        super().__init__(*args, **words)

    def do_GET(self) -> None:
        path, status = Path(self.translate_path(self.path)), 200
        if path.is_dir():
            path = path / "index.html"
        if not path.is_file():
            status = 404
            folder = Path(self.directory) / ("es" if self.path.startswith("/es/") else "")
            path = folder / "404.html"
        kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        packed = path.with_name(path.name + ".br")
        coded = "br" in self.headers.get("Accept-Encoding", "") and packed.is_file()
        body = (packed if coded else path).read_bytes()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        if coded:
            self.send_header("Content-Encoding", "br")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the tests watch the browser's side."""


@contextmanager
def serve(folder: Path, policy: str) -> Iterator[str]:
    """The address under which `folder` is served, ending in a slash."""
    handler = partial(_Handler, directory=str(folder), policy=policy)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def watched(page: Page, site: str) -> Iterator[list[str]]:
    """What went wrong in `page` while the block ran: errors, refusals, missing files, other hosts, left too early."""
    wrong: list[str] = []

    def answered(response: Response) -> None:
        if not response.url.startswith((site, "data:", "blob:")):
            wrong.append(f"asked another host: {response.url}")
        elif response.status >= 400:
            wrong.append(f"{response.status}: {response.url}")

    def failed(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left or closed while something was on its way
            wrong.append(f"failed: {request.url} {request.failure}")

    page.on("response", answered)
    page.on("requestfailed", failed)
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.add_init_script(UNSEEN)
    yield wrong


def violations(page: Page, context: str = "document") -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA in `page` as it stands: rule, element, and why."""
    page.evaluate(f"window.axe || {{}}; if (!window.axe) {{ {AXE_SCRIPT} }}")
    options = {"runOnly": list(WCAG), "resultTypes": ["violations"]}
    found = page.evaluate(f"options => axe.run({context}, options)", options)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
