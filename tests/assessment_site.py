"""The self-assessment in a real Chromium, on the real pages, from a real server under the site's own policy.

Enters: the project. Leaves: the site built once per run (HTML and slim catalogues), a server for it, and browsers.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import BrowserContext, Page, sync_playwright

from guide.export.assessment_data import assessment_json
from guide.load import load
from guide.model import LANGUAGES
from tests.in_browser import ARGUMENTS, CHROMIUM, POLICY

ROOT = Path(__file__).parent.parent


def build_pages(folder: Path) -> Path:
    """The member pages of the project in `folder`, with the data that the assessment fetches."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), strict=False)
    config.plugins["practice-guide"].config["strict_content"] = False
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    (folder / "data").mkdir(exist_ok=True)
    guide = load(ROOT).guide
    for lang in LANGUAGES:
        (folder / "data" / f"assessment.{lang}.json").write_text(assessment_json(guide, lang), encoding="utf-8")
    return folder


class _Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def translate_path(self, path: str) -> str:
        """Modules and styles come from overrides/, so that a test sees them as they are now."""
        own = ROOT / "overrides" / path.partition("?")[0].lstrip("/")
        return str(own) if own.suffix in {".js", ".css"} and own.is_file() else super().translate_path(path)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address at which `folder` is served; localhost, which browsers take for a secure context."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()


@contextmanager
def browser_of(profile: Path, **options: Any) -> Iterator[BrowserContext]:
    """A browser whose data stays in `profile`, as a reader's does."""
    assert CHROMIUM.exists(), "Chromium is missing: apt-get install -y chromium"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=str(CHROMIUM), args=list(ARGUMENTS), accept_downloads=True, **options
        )
        yield context
        context.close()


def errors_of(page: Page) -> list[str]:
    """Collects what goes wrong in a page: exceptions and refused policies."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    return errors
