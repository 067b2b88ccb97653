"""The gate as a reader meets it: a real Chromium, a real sign-in, a shared computer."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.browser import chromium

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "acceptance")]

from machine import Machine  # noqa: E402

CHAPTER = "/chapters/insider-threat/"
FETCH = "async ([url, options]) => { const a = await fetch(url, options); return [a.status, await a.text()] }"


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A gate on localhost, which a browser trusts like https; with a made-up certificate nothing is cached."""
    folder = tmp_path_factory.mktemp("browser") / "build"
    subprocess.run([sys.executable, str(ROOT / "hosting/acceptance/specimen.py"), str(folder)], check=True)
    made = Machine(folder)
    try:
        yield made.start()
    finally:
        made.end()


@pytest.fixture(scope="module")
def restoring() -> Iterator[Browser]:
    """Chromium with its back/forward cache, which automation switches off, switched on."""
    with chromium(ignore_default_args=["--disable-back-forward-cache"]) as browser:
        yield browser


@pytest.fixture
def context(restoring: Browser) -> Iterator[BrowserContext]:
    """A fresh profile."""
    made = restoring.new_context(locale="en-GB")
    yield made
    made.close()


def enter(page: Page, gate: Machine, at: str, account: str = "member") -> None:
    """Opens `at`, and signs in where the gate sends the reader."""
    page.goto(gate.origin + at)
    page.get_by_label("Account").fill(account)
    page.get_by_label("Passphrase").fill(str(gate.accounts()[account]["passphrase"]))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: url.startswith(gate.origin))


def leave(page: Page, gate: Machine) -> None:
    """Follows the sign-out link to the end."""
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{gate.origin}/signin/signed-out.html")


def test_a_reader_signs_in_and_lands_where_the_link_led(gate: Machine, context: BrowserContext) -> None:
    """From a deep link through the provider back to it; scripts and styles run and the policy has nothing to say."""
    page = context.new_page()
    words: list[str] = []
    page.on("console", lambda message: words.append(f"{message.location['url']}: {message.text}"))
    enter(page, gate, f"{CHAPTER}?from=mail")
    assert page.url == f"{gate.origin}{CHAPTER}?from=mail"
    assert page.locator("body").get_attribute("data-script") == "ran"
    assert page.locator("html").get_attribute("data-ready") == "yes"
    assert [line for line in words if line.startswith(gate.origin)] == []


def test_who_is_no_member_is_told_and_can_leave(gate: Machine, context: BrowserContext) -> None:
    """A visitor reads why nothing opens, and the way out works."""
    page = context.new_page()
    enter(page, gate, CHAPTER, "visitor")
    assert page.get_by_role("heading", name="For members only").is_visible()
    leave(page, gate)
    assert page.get_by_role("heading", name="You are signed out").is_visible()


def turn(page: Page, way: str) -> None:
    """Goes back or forward. Playwright's own words wait for a load event, which the back/forward memory never gives."""
    page.evaluate(f"setTimeout(() => history.{way}())")
    page.wait_for_timeout(400)


def shown(page: Page) -> str:
    """The page's text and title as they stand once no navigation is under way any more."""
    while True:
        try:
            return str(page.evaluate("document.title + document.documentElement.outerHTML"))
        except Error:
            page.wait_for_timeout(100)


def test_nothing_stays_on_a_shared_computer(gate: Machine, context: BrowserContext) -> None:
    """After signing out, Back and the browser's cache give no page; the reader's own notes are still there."""
    page = context.new_page()
    enter(page, gate, CHAPTER)
    script = page.locator("script[src]").get_attribute("src")
    page.evaluate("window.kept = 'in memory'")
    page.evaluate("indexedDB.open('assessment', 1)")
    page.evaluate("localStorage.setItem('note', 'kept')")
    page.goto(gate.origin + "/chapters/crisis-response/")
    cached = page.evaluate(FETCH, [script, {"cache": "only-if-cached", "mode": "same-origin"}])
    assert cached[0] == 200, "the control: before signing out, the script lies in the cache"
    turn(page, "back")
    assert page.evaluate("window.kept") == "in memory", "the control: before signing out, Back is answered from memory"
    assert page.evaluate("getComputedStyle(document.documentElement).visibility") == "visible"
    turn(page, "forward")
    leave(page, gate)
    for _ in range(5):
        turn(page, "back")
        assert "Chapter" not in shown(page)
    page.goto(gate.origin + "/signin/signed-out.html")
    for url in (CHAPTER, "/chapters/crisis-response/", script):
        gone = page.evaluate(
            "async (url) => { try { return (await fetch(url, {cache: 'only-if-cached', mode: 'same-origin'})).status }"
            " catch { return 'not cached' } }",
            url,
        )
        assert gone in ("not cached", 504), url
    assert "assessment" in page.evaluate("indexedDB.databases().then(all => all.map(one => one.name))")
    assert page.evaluate("localStorage.getItem('note')") == "kept"


def test_a_page_notices_that_its_session_has_ended(gate: Machine, context: BrowserContext) -> None:
    """A script of an open page is told 401 and gets no redirect into another site; opening the page again signs in."""
    page = context.new_page()
    enter(page, gate, CHAPTER)
    assert page.evaluate(FETCH, ["/data/catalogue.json", {}])[0] == 200
    context.clear_cookies(name="gate")
    status, text = page.evaluate(FETCH, ["/data/catalogue.json", {"cache": "no-cache"}])
    assert status == 401
    assert "requirements" not in text
    page.goto(gate.origin + CHAPTER)
    assert page.url == gate.origin + CHAPTER, "the provider still knows the reader"


def test_another_site_can_neither_embed_nor_read(gate: Machine, context: BrowserContext) -> None:
    """With a live session, a page of another origin gets nothing by frame, script, image or fetch."""
    page = context.new_page()
    enter(page, gate, CHAPTER)
    page.goto(f"{gate.provider.issuer}/demo.css")
    found = page.evaluate(
        """async (origin) => {
            const tries = [];
            for (const mode of ['no-cors', 'cors']) {
                try { tries.push((await fetch(origin + '/data/catalogue.json', {mode, credentials: 'include'})).type) }
                catch { tries.push('refused') }
            }
            for (const [tag, name] of [['img', 'src'], ['script', 'src']]) {
                tries.push(await new Promise((done) => {
                    const part = document.createElement(tag);
                    part.onload = () => done('loaded');
                    part.onerror = () => done('refused');
                    part[name] = origin + (tag === 'img' ? '/assets/cover.png' : '/data/catalogue.json');
                    document.documentElement.append(part);
                }));
            }
            return tries;
        }""",
        gate.origin,
    )
    assert found == ["refused"] * 4


@pytest.mark.parametrize(("locale", "title"), [("es-CL", "Vista previa"), ("en-GB", "Preview")])
def test_the_preview_opens_in_the_readers_language(gate: Machine, restoring: Browser, locale: str, title: str) -> None:
    """A first visit to the preview speaks the browser's language, and a link inside it can choose the other."""
    context = restoring.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{gate.origin}/preview/")
    assert page.title() == title
    with page.expect_navigation():
        page.evaluate("location.assign('/preview/')")
    assert page.title() == "Preview"
    context.close()
