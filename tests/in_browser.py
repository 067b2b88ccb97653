"""The guide's ES modules in a real Chromium, without a server and under the site's own policy.

Enters: nothing. Leaves: a page on http://localhost/ (a secure context) that can import /assets/javascripts/….
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Route

from tests.browser import chromium

OVERRIDES = Path(__file__).parent.parent / "overrides"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix("http://localhost/")
    file = OVERRIDES / path
    headers = {"Content-Security-Policy": POLICY}
    if not path:
        route.fulfill(body="<!doctype html><title>modules</title>", content_type="text/html", headers=headers)
    elif file.is_file() and file.suffix == ".js":
        route.fulfill(body=file.read_bytes(), content_type="text/javascript", headers=headers)
    else:
        route.abort()


@contextmanager
def modules_page() -> Iterator[Page]:
    """A page that reaches the modules in overrides/ and nothing else; a script error there fails the test."""
    errors: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.route("**/*", _answer)
        page.goto("http://localhost/")
        yield page
    assert not errors, errors
