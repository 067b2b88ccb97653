"""What many tests share: the project's folder, the specimen guide, and the site built once per run."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from guide.building import build_site
from tests.browser import chromium, serve, watched

ROOT = Path(__file__).parent.parent
SPECIMEN = ROOT / "tests" / "specimen"
#: The specimen has no rules and words of its own: it uses the guide's.
SHARED = (
    "scoring.yml", "lifecycle.yml", "interface.yml", "edition.yml", "report.yml", "sources.shingles", "words/en.txt",
    "words/es.txt",
)  # fmt: skip


@pytest.fixture
def specimen(tmp_path: Path) -> Path:
    """A small complete guide that a test may damage."""
    return copy_specimen(tmp_path / "guide")


def copy_specimen(folder: Path) -> Path:
    """The specimen guide, whole, in a folder of its own."""
    shutil.copytree(SPECIMEN, folder)
    (folder / "data" / "words").mkdir(exist_ok=True)
    for name in SHARED:
        shutil.copy(ROOT / "data" / name, folder / "data" / name)
    return folder


@contextmanager
def shared(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """A folder that all workers of a run share, to one of them at a time; who comes first fills it."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield base / name


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with member/, public/ and csp.json, built once per run and shared by all workers.

    GUIDE_BUILT_SITE names one that is already built, for example a release.
    """
    if ready := os.environ.get("GUIDE_BUILT_SITE"):
        return Path(ready)
    with shared(tmp_path_factory, "site") as folder:
        if not (folder / "csp.json").exists():
            build_site(ROOT, html_only=True, say=lambda _: None, folder=folder)
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a worker; each test opens a context of its own."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def member_site(built_site: Path) -> Iterator[str]:
    """Address of the member site on loopback, under its own policy; ends in a slash."""
    policy = json.loads((built_site / "csp.json").read_text())["member"]
    with serve(built_site / "member", policy) as address:
        yield address


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser, with nothing in it yet."""
    with browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, member_site: str) -> Iterator[Page]:
    """A tab in which nothing goes wrong that the test does not provoke."""
    page = context.new_page()
    with watched(page, member_site) as wrong:
        yield page
    assert not wrong
