"""Every type of page for everyone: axe-core against WCAG 2.2 AA, and the Nu HTML checker, on the built site."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import CHAPTER, PAGES, ROOTS, violations

HERE = Path(__file__).parent
LANGUAGES = sorted(ROOTS)
WIDTHS = (320, 1280)
SCHEMES = ("light", "dark")
ALIKE = 8
"""Requirements, and entries of the glossary, the references and the cases, are each made by one template: so many of
them are enough, and axe needs a minute for hundreds."""


def everywhere(page: Page, context: str = "document") -> list[str]:
    """Violations in every scheme and width, without reloading."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            shown = "slate" if scheme == "dark" else "default"
            expect(page.locator("html")).to_have_attribute("data-md-color-scheme", shown)
            found += [f"{scheme} {width}: {text}" for text in violations(page, context)]
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_violation(browser: Browser, member_site: str, path: str, lang: str) -> None:
    """Light and dark, 320 and 1280 pixels: axe-core finds nothing against WCAG 2.2 A and AA."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{member_site}{ROOTS[lang]}{path}")
        alike = "n => [...document.querySelectorAll('.entry, .requirement')].slice(n).forEach(one => one.remove())"
        page.evaluate(alike, ALIKE)
        assert not everywhere(page)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("opener", "opened"),
    [(".term-word", ".term-card:popover-open"), (".menu-button", "#site-menu"), (".toc-button", "#site-toc"),
     (".search-button", "#site-search"), (".requirement-more summary", ".requirement-more[open]"),
     (".card summary", ".card details[open]"), (".case summary", ".case details[open]")],
)  # fmt: skip
def test_what_opens_on_a_page_has_no_violation(
    browser: Browser, member_site: str, lang: str, opener: str, opened: str
) -> None:
    """Popovers, dialog and folding parts pass too, where they can be opened, in light and dark."""
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{member_site}{ROOTS[lang]}{CHAPTER}")
        page.locator(opener).first.click()
        page.locator(opened).first.wait_for()
        found = []
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found += violations(page, repr(opened))
        assert not found


@pytest.mark.parametrize("element", ["a", "button", "summary", "input"])
def test_the_keyboard_is_seen(browser: Browser, member_site: str, element: str) -> None:
    """Whatever has the keyboard has a thick outline of a colour of its own."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{member_site}{CHAPTER}")
        if element == "input":
            page.locator(".search-button").click()
        page.keyboard.press("Tab")
        page.locator(f"{element}:visible").first.focus()
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 2


@pytest.fixture(scope="session")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The jar of the Nu HTML checker, fetched through npm once."""
    missing = [name for name in ("java", "npm") if not shutil.which(name)]
    assert not missing, "apt-get install --no-install-recommends default-jre-headless npm"
    jar = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    with (tmp_path_factory.getbasetemp().parent / "npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jar.exists():
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(command, cwd=HERE, check=True)
    return jar


def check_html(checker: Path, *folders: Path) -> str:
    """What the checker says about every page below `folders`; "" if all are valid."""
    command = ["java", "-jar", str(checker), "--errors-only", "--skip-non-html", "--format", "gnu", *map(str, folders)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stderr


def test_every_page_is_valid_html(checker: Path, built_site: Path) -> None:
    """The Nu HTML checker has nothing to say about member pages, preview, sign-in and errors."""
    assert check_html(checker, built_site / "member", built_site / "public") == ""


def test_the_html_checker_does_check(checker: Path, tmp_path: Path) -> None:
    """A page with a fault is reported, so silence means something."""
    (tmp_path / "page.html").write_text("<!doctype html><title>x</title><p foo=1>")
    assert "foo" in check_html(checker, tmp_path)
