"""What a reader waits for: bytes and requests of a cold chapter, and of the first search result.

Enters: two served sites, ours and plain, and a Chromium that has seen neither. Leaves: figures; bytes are those on the
line, heads of answers included, a kB is 1,000 of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, Request, TimeoutError, expect

from tests.bench.rows import Figure

Say = Callable[[str], None]
Pair = tuple[str, str]
"""Addresses of both sites, ours and plain; each ends in a slash."""
QUERIES = {"": "access review", "es/": "revisión de accesos"}
"""What is searched for, by the root of a language: words that every edition of the guide holds."""
SEARCHES = 5
SETTLES = 500
"""Milliseconds after the first result in which the phrases of the others still arrive."""
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
"""1.6 Mbit/s down, 750 kbit/s up, 150 ms: a telephone at the far end of a quay."""
STOCK = "input.md-search__input"


@dataclass(frozen=True)
class Traffic:
    """What one page has asked for: kB on the line, kB of these for scripts, requests, answers that were 404."""

    weight: float
    scripts: float
    requests: int
    missing: int


@contextmanager
def cold(browser: Browser, address: str) -> Iterator[tuple[Page, Callable[[], Traffic]]]:
    """A page in a browser that has seen nothing, and what it has asked for until the moment of the call."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        requests: list[Request] = []
        context.on("request", lambda request: requests.append(request))
        page.goto(address, wait_until="networkidle")
        yield page, lambda: _traffic(requests)


def _traffic(requests: list[Request]) -> Traffic:
    weights = [(one, _weight(one)) for one in requests]
    return Traffic(
        weight=sum(weight for _, weight in weights) / 1000,
        scripts=sum(weight for one, weight in weights if one.resource_type == "script") / 1000,
        requests=len(requests),
        missing=sum(1 for one in requests if (answer := one.response()) and answer.status == 404),
    )


def _weight(request: Request) -> int:
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]


def chapters(tree: Path) -> list[str]:
    """Five chapters of each language by the size of their compressed page: smallest, quarters, largest."""
    found = []
    for root in QUERIES:
        pages = sorted((tree / root).glob("chapters/*/index.html.br"), key=lambda page: page.stat().st_size)
        last = len(pages) - 1
        picked = dict.fromkeys(pages[last * step // 4] for step in range(5))
        found += [page.parent.relative_to(tree).as_posix() + "/" for page in picked]
    return found


def read(page: Page) -> None:
    """To the end of the page, and the first question answered where there is one."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    questions = page.locator("csbp-answer input[value='2']")
    if page.locator("csbp-checklist").count():
        expect(questions.first).to_be_attached()
        questions.first.check()
        expect(page.locator(".answer-result").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def measure_pages(browser: Browser, sites: Pair, addresses: list[str]) -> dict[str, Figure]:
    """Weight, requests and 404s of cold chapters."""
    seen: list[list[Traffic]] = [[], []]
    for address in addresses:
        for site, traffics in zip(sites, seen, strict=True):
            with cold(browser, site + address) as (page, traffic):
                read(page)
                traffics.append(traffic())
    ours, plain = seen

    def figure(reckon: Callable[[list[Traffic]], float]) -> Figure:
        return Figure(reckon(ours), reckon(plain), len(addresses))

    return {
        "page.weight.median": figure(lambda all_: median(one.weight for one in all_)),
        "page.weight.largest": figure(lambda all_: max(one.weight for one in all_)),
        "page.requests": figure(lambda all_: max(one.requests for one in all_)),
        "page.missing": figure(lambda all_: sum(one.missing for one in all_)),
        "script.chapter": figure(lambda all_: median(one.scripts for one in all_)),
    }


def search_ours(page: Page, words: str) -> None:
    """Opens the search of the guide and waits for the first result with its phrase."""
    page.locator(".search-button").click()
    page.locator("#site-search input").fill(words)
    expect(page.locator("#site-search-results .result-phrase").first).not_to_be_empty(timeout=60_000)


def search_stock(page: Page, words: str) -> None:
    """The same with the search of the stock theme, which forgets what is typed before it is ready."""
    page.locator(STOCK).click()
    result = page.locator(".md-search-result__item article").first
    for _ in range(60):
        page.locator(STOCK).fill("")
        page.locator(STOCK).press_sequentially(words)
        with suppress(TimeoutError):
            return result.wait_for(timeout=1000)
    raise AssertionError("The stock search gave no result.")


SEARCH = (search_ours, search_stock)


def measure_search(browser: Browser, sites: Pair, addresses: list[str]) -> dict[str, Figure]:
    """Bytes and time from the cold page to the first result, for the largest chapter of each language."""
    weights: list[list[float]] = [[], []]
    times: list[list[float]] = [[], []]
    slow: list[list[float]] = [[], []]
    for run in range(SEARCHES):
        for root, words in QUERIES.items():
            address = [one for one in addresses if one.startswith("es/") == bool(root)][-1]
            for side, (site, search) in enumerate(zip(sites, SEARCH, strict=True)):
                with cold(browser, site + address) as (page, traffic):
                    start = time.perf_counter()
                    search(page, words)
                    times[side].append((time.perf_counter() - start) * 1000)
                    page.wait_for_timeout(SETTLES)
                    weights[side].append(traffic().weight)
                if run < 2:
                    slow[side].append(_on_a_slow_line(browser, site + address, search, words))
    return {
        "search.weight": Figure(max(weights[0]), max(weights[1]), len(weights[0])),
        "search.time": Figure(median(times[0]), median(times[1]), len(times[0])),
        "search.slow": Figure(median(slow[0]), median(slow[1]), len(slow[0]), "from the request for the page"),
    }


def _on_a_slow_line(browser: Browser, address: str, search: Callable[[Page, str], None], words: str) -> float:
    """Seconds from the request for a cold page to the first result of its search."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW)
        start = time.perf_counter()
        page.goto(address, wait_until="load")
        search(page, words)
        return time.perf_counter() - start
