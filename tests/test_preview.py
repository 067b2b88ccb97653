"""`guide serve`: what is saved is seen in an open browser, where one was reading; errors come and go.

The specimen is served by the real command and read by a real Chromium.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Error, Page, expect

from guide.confirmations import Confirmation, write_confirmed
from guide.content import Content
from guide.entries import entries
from guide.live import LiveLanguage
from guide.model import LANGUAGES
from guide.preview_server import _shape
from guide.site import GuidePlugin
from tests.conftest import ROOT, copy_specimen

CHAPTER = "chapters/insider-threat"
CHECKLIST = "data/checklists/insider-threat.yml"


def project(folder: Path) -> Path:
    """The specimen as a project that can be built: the guide's own configuration, theme and macros."""
    root = copy_specimen(folder / "guide")
    shutil.copytree(ROOT / "data" / "words", root / "data" / "words", dirs_exist_ok=True)
    shutil.copy(ROOT / "mkdocs.yml", root)
    (root / "overrides").symlink_to(ROOT / "overrides")
    shutil.copytree(ROOT / "macros", root / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "guide").mkdir()  # mkdocs.yml watches it
    return root


def hear_ctrl_c() -> None:
    """A run in the background of a shell ignores Ctrl-C, and so would all that it starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Served:
    """A running preview: its address and everything that its terminal shows."""

    def __init__(self, root: Path, log: Path) -> None:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        self.root, self._log = root, log
        self.address = f"http://localhost:{port}/"
        with log.open("w") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guide", "serve", "--port", str(port)],
                cwd=root, stdout=out, stderr=out, env={**os.environ, "PYTHONPATH": str(ROOT)},
                preexec_fn=hear_ctrl_c,
            )  # fmt: skip

    @property
    def terminal(self) -> str:
        """What the terminal shows."""
        return self._log.read_text(encoding="utf-8")

    def until_it_answers(self, page: Page) -> None:
        """Waits for the first page."""
        while "Ctrl-C" not in self.terminal:
            assert self._process.poll() is None, self.terminal
            page.wait_for_timeout(50)

    def replace(self, file: str, old: str, new: str) -> None:
        """Saves a file with another text in it."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def stop(self) -> None:
        """Ctrl-C."""
        self._process.send_signal(2)
        self._process.wait(timeout=20)


@pytest.fixture(scope="module")
def preview(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The preview, started once."""
    folder = tmp_path_factory.mktemp("preview")
    served = Served(project(folder), folder / "terminal.txt")
    page = browser.new_page()
    served.until_it_answers(page)
    page.close()
    yield served
    served.stop()


@pytest.fixture
def page(browser: Browser, preview: Served) -> Iterator[Page]:
    """A small window, so that the specimen's page is long enough to scroll; a script error fails the test.

    Files are afterwards what they were.
    """
    before = {path: path.read_bytes() for name in ("docs", "data") for path in (preview.root / name).rglob("*.*")}
    context = browser.new_context(viewport={"width": 400, "height": 300}, locale="en")
    wrong: list[str] = []
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    context.close()
    for path, content in before.items():
        if not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)
    assert not wrong


def where_one_reads(page: Page) -> float:
    """The scroll position once the page stands still: a mark that the rules find a moment later loads it again."""
    for _ in range(100):
        try:
            page.wait_for_load_state("load")
            page.wait_for_timeout(1500)
            return float(page.evaluate("scrollY"))
        except Error:  # it was loaded again in this moment
            continue
    raise AssertionError("The page is loaded again and again.")


def text(page: Page, words: str) -> Any:
    """Expects words on the page as soon as the preview has them."""
    return expect(page.locator("body")).to_contain_text(words, timeout=30_000)


def test_a_saved_chapter_is_seen_where_one_was_reading(preview: Served, page: Page) -> None:
    """The open page shows the new words without being asked, at the same scroll position."""
    page.goto(f"{preview.address}{CHAPTER}/")
    assert where_one_reads(page) == 0
    page.evaluate("scrollTo({top: 700, behavior: 'instant'})")
    preview.replace(f"docs/en/{CHAPTER}.md", "One sentence stands on one line.", "These words were saved just now.")
    text(page, "These words were saved just now.")
    assert where_one_reads(page) == 700


@pytest.mark.parametrize(("lang", "below", "old", "new"), [
    ("en", "", "Old rights are open doors.", "Old rights open doors."),
    ("es", "es/", "Los derechos antiguos son puertas abiertas.", "Los derechos antiguos abren puertas."),
])  # fmt: skip
def test_a_saved_checklist_is_seen_in_both_languages(
    preview: Served, page: Page, lang: str, below: str, old: str, new: str
) -> None:
    """A requirement that was reworded shows in the chapter that embeds it."""
    page.goto(f"{preview.address}{below}{CHAPTER}/")
    preview.replace(CHECKLIST, old, new)
    text(page, new)


def test_an_error_is_the_same_in_browser_and_terminal_and_goes_away(preview: Served, page: Page) -> None:
    """A broken file gives one message with file, line and remedy in both places; mending it removes it."""
    page.goto(f"{preview.address}{CHAPTER}/")
    preview.replace(CHECKLIST, "    weight: 2", "\tweight: 2")
    panel = page.locator("#preview-problems li")
    expect(panel.filter(has_text="Broken YAML")).to_be_visible(timeout=30_000)
    message = panel.filter(has_text="Broken YAML").inner_text()
    assert f"{message}\n" in preview.terminal
    preview.replace(CHECKLIST, "\tweight: 2", "    weight: 2")
    expect(panel.filter(has_text="Broken YAML")).to_have_count(0, timeout=30_000)


def test_a_macro_that_does_not_exist_is_explained_by_its_rule(preview: Served, page: Page) -> None:
    """The reader of the preview is told the line and the remedy; the page comes back when it is mended."""
    page.goto(f"{preview.address}{CHAPTER}/")
    for lang in LANGUAGES:
        preview.replace(f"docs/{lang}/{CHAPTER}.md", 'case("I15")', 'story("I15")')
    message = page.locator("#preview-problems li").filter(has_text="The macro `story` is not known.")
    expect(message.first).to_contain_text(f"docs/en/{CHAPTER}.md:17", timeout=30_000)
    for lang in LANGUAGES:
        preview.replace(f"docs/{lang}/{CHAPTER}.md", 'story("I15")', 'case("I15")')
    expect(message).to_have_count(0, timeout=30_000)
    text(page, "Aircraft taken at Seattle-Tacoma")


def test_a_pair_out_of_step_is_told_at_once_and_goes_when_it_is_mended(preview: Served, page: Page) -> None:
    """The walk of CONTRIBUTING: the Spanish changes, both places say that English must follow; mended, it is gone."""
    page.goto(f"{preview.address}{CHAPTER}/")
    pairs = Content(preview.root).pairs
    write_confirmed(
        preview.root,
        {item: Confirmation(*pair.fingerprints, datetime.date(2026, 11, 1)) for item, pair in pairs.items()},
    )
    panel = page.locator("#preview-problems .to-follow li")
    expect(panel).to_have_count(0, timeout=30_000)
    preview.replace(CHECKLIST, "El acceso termina el día de la baja.", "El acceso termina antes de la baja.")
    expect(panel).to_have_text(
        re.compile("IT-02: The Spanish text changed .* Make the English say the same"), timeout=30_000
    )
    assert f"notice: {panel.inner_text()}\n" in preview.terminal
    preview.replace(CHECKLIST, "El acceso termina antes de la baja.", "El acceso termina el día de la baja.")
    expect(panel).to_have_count(0, timeout=30_000)


def test_a_file_that_is_away_for_a_moment_does_not_end_the_preview(preview: Served, page: Page) -> None:
    """A checkout, or a program that deletes and writes: it is told, and the next save is seen."""
    path = preview.root / "data/chapters.yml"
    before = path.read_bytes()
    page.goto(f"{preview.address}{CHAPTER}/")
    path.unlink()
    told = page.locator("#preview-problems li").filter(has_text="data/chapters.yml  This file is missing.")
    expect(told).to_be_visible(timeout=30_000)
    path.write_bytes(before)
    expect(told).to_have_count(0, timeout=30_000)
    preview.replace(f"docs/en/{CHAPTER}.md", "One sentence stands on one line.", "Seen after the file came back.")
    text(page, "Seen after the file came back.")


def test_slips_in_the_program_wait_until_all_are_mended(preview: Served, page: Page) -> None:
    """A configuration or a program that would not start is told; the old one goes on, and mended it starts anew."""
    settings, program = preview.root / "mkdocs.yml", preview.root / "macros" / "__init__.py"
    before = {path: path.read_bytes() for path in (settings, program)}
    starts = preview.terminal.count("Ctrl-C")
    told = page.locator("#preview-problems li").filter(has_text="cannot start anew")
    page.goto(f"{preview.address}{CHAPTER}/")
    settings.write_text("theme: [\n", encoding="utf-8")
    expect(told).to_be_visible(timeout=60_000)
    expect(told).not_to_contain_text("SyntaxError")
    program.write_text("def slip(:\n", encoding="utf-8")
    expect(told).to_contain_text("SyntaxError", timeout=60_000)
    preview.replace(f"docs/en/{CHAPTER}.md", "One sentence stands on one line.", "Saved beside a slip.")
    settings.write_bytes(before[settings])  # pages need it
    text(page, "Saved beside a slip.")
    expect(told).to_contain_text("SyntaxError", timeout=60_000)
    assert preview.terminal.count("Ctrl-C") == starts
    program.write_bytes(before[program])
    while preview.terminal.count("Ctrl-C") == starts:
        page.wait_for_timeout(100)
    text(page, "Saved beside a slip.")


def test_a_new_page_appears_and_a_renamed_one_moves(preview: Served, page: Page) -> None:
    """Files come and go without a restart: the address shows the page as soon as its file is saved."""
    page.goto(f"{preview.address}es/nueva/")
    text(page, "No page yet")
    file = preview.root / "docs/es/nueva.md"
    file.write_text("---\ntitle: Nueva\nsummary: Nueva.\naccess: member\n---\n\n# Una página nueva\n", encoding="utf-8")
    text(page, "Una página nueva")
    file.rename(file.with_name("otra.md"))
    text(page, "No page yet")
    page.goto(f"{preview.address}es/otra/")
    text(page, "Una página nueva")
    (preview.root / "docs/es/otra.md").unlink()
    text(page, "No page yet")


def test_the_theme_is_part_of_the_preview(preview: Served, page: Page) -> None:
    """Stylesheets and scripts are there: nothing that a page asks for from the theme is missing."""
    missing: list[str] = []
    page.on("response", lambda answer: missing.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{preview.address}es/{CHAPTER}/", wait_until="load")
    assert missing == []


def test_a_previewed_page_is_the_page_that_is_built(tmp_path: Path) -> None:
    """One page made alone has the same HTML as in a whole build, in both languages."""
    root = project(tmp_path)
    config = load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "site"), strict=False)
    plugin = config.plugins["practice-guide"]
    assert isinstance(plugin, GuidePlugin)
    plugin.config["strict_content"] = False
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    content = Content(root)
    for lang, below in (("en", ""), ("es", "es/")):
        live = LiveLanguage(root, lang, content, content.renderers())
        built = (tmp_path / "site" / below / CHAPTER / "index.html").read_text(encoding="utf-8")
        assert live.render(f"{below}{CHAPTER}/").split() == built.split()


@pytest.mark.parametrize("name", ["._media.md", ".#media.md"])
def test_what_a_program_keeps_beside_a_page_is_no_page(tmp_path: Path, name: str) -> None:
    """It neither makes the navigation anew nor is it read as an entry of the guide."""
    root = project(tmp_path)
    words = Content(root).guide.interface
    both = {lang: words.words(lang) for lang in LANGUAGES}
    shape, read = _shape(root), entries(root, both)
    for folder in ("docs/en/chapters", "data/checklists"):
        (root / folder / name.replace(".md", ".yml" if folder.startswith("data") else ".md")).write_text("---\n")
    assert _shape(root) == shape
    assert entries(root, both) == read
