"""What makes the gate bearable on a slow line and in two languages, as hosting/apache does it."""

from __future__ import annotations

import re

import pytest
from client import PAGE, SCRIPT, Site, together
from trees import Trees

pytestmark = pytest.mark.comfort
SPANISH = (("Accept", "text/html"), ("Accept-Language", "es-MX,es;q=0.9,en;q=0.8"))
ENGLISH = (("Accept", "text/html"), ("Accept-Language", "en-GB,en;q=0.9,es;q=0.1"))


def test_an_unchanged_page_costs_one_question(site: Site, trees: Trees, member: str) -> None:
    """With the tag of the stored copy a member gets 304 and no body; without a session the same question is refused."""
    paper = next(file.url for file in trees.plain if file.url.endswith(".pdf"))
    for url in ("/es/", "/data/catalogue.json", paper):
        for coding in ("identity", "gzip", "br"):
            headers = (("Accept", "*/*"), ("Accept-Encoding", coding))
            first = site.ask(url, headers=headers, cookie=member)
            again = site.ask(url, headers=(*headers, ("If-None-Match", first.header("ETag"))), cookie=member)
            assert (first.status, again.status) == (200, 304), url
            assert again.header("Cache-Control") == first.header("Cache-Control") == "private, no-cache"
            refused = site.ask(url, headers=(*headers, ("If-None-Match", first.header("ETag"))))
            assert refused.status == 401


def test_a_hashed_asset_is_kept_for_a_year(site: Site, trees: Trees, member: str) -> None:
    """An asset whose name changes with its content is not asked for again; one without a hash is."""
    hashed = re.compile(r"/assets/.+\.[0-9a-f]{8,64}\.(?:[a-z]+\.)?[a-z0-9]+")
    kept = [file.url for file in trees.plain if hashed.fullmatch(file.url)]
    other = [file.url for file in trees.plain if file.url.startswith("/assets/") and not hashed.fullmatch(file.url)]
    assert kept, "the build has no asset with a hash in its name"
    for coding in ("identity", "br"):
        for url in kept:
            answer = site.ask(url, headers=(("Accept", "*/*"), ("Accept-Encoding", coding)), cookie=member)
            assert answer.header("Cache-Control") == "private, max-age=31536000, immutable", url
        for url in other:
            answer = site.ask(url, headers=(("Accept", "*/*"), ("Accept-Encoding", coding)), cookie=member)
            assert answer.header("Cache-Control") == "private, no-cache", url


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("br", "br"),
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.5", "br"),
        ("", ""),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("br;q=0.0", ""),
        ("x-br", ""),
        ("bro", ""),
    ],
)
def test_text_comes_compressed_if_asked(site: Site, trees: Trees, member: str, asked: str, given: str) -> None:
    """Pages, data and scripts arrive as the best copy that the browser takes, with the type of the plain file."""
    script = next(file for file in trees.plain if file.url.endswith(".js"))
    wanted = {"/es/": "text/html", "/data/catalogue.json": "application/json", script.url: "text/javascript"}
    for url, kind in wanted.items():
        headers = (("Accept", "*/*"), ("Accept-Encoding", asked)) if asked else (("Accept", "*/*"),)
        answer = site.ask(url, headers=headers, cookie=member)
        assert (answer.status, answer.header("Content-Encoding")) == (200, given), url
        assert answer.header("Content-Type").lower() == f"{kind}; charset=utf-8"
        assert "accept-encoding" in answer.header("Vary").lower()
        assert answer.text == next(file.content for file in trees.plain if file.url in (url, f"{url}index.html"))


def test_a_paper_can_be_fetched_in_parts(site: Site, trees: Trees, member: str) -> None:
    """A broken download goes on where it stopped, and only for a member."""
    paper = max((file for file in trees.plain if file.url.endswith(".pdf")), key=lambda file: len(file.content))
    part = (("Accept", "*/*"), ("Range", "bytes=100-299"))
    answer = site.ask(paper.url, headers=part, cookie=member)
    assert (answer.status, answer.body) == (206, paper.content[100:300])
    assert answer.header("Content-Type") == "application/pdf"
    assert site.ask(paper.url, headers=part).status == 401


@pytest.mark.parametrize(
    ("language", "cookie", "spanish"),
    [
        ("es", "", True),
        ("es-419,es;q=0.9,en;q=0.5", "", True),
        ("en,es;q=0.9", "", False),
        ("fr,es;q=0.7,en;q=0.3", "", True),
        ("fr", "", False),
        ("", "", False),
        ("en;q=0, es", "", True),
        ("es;q=0, en", "", False),
        ("est,en", "", False),
        ("es", "guide_lang=en", False),
        ("en", "guide_lang=es", True),
        ("es", "x=1; guide_lang=en; y=2", False),
        ("es", "guide_lang=fr", True),
        ("en", "not_guide_lang=es", False),
    ],
)
@pytest.mark.parametrize("front", ["/", "/preview/"])
def test_the_front_door_speaks_the_readers_language(
    site: Site, member: str, front: str, language: str, cookie: str, spanish: bool
) -> None:
    """Without a choice the browser's first of the two languages counts; the reader's choice counts more."""
    headers = (("Accept", "text/html"), ("Accept-Language", language)) if language else (("Accept", "text/html"),)
    answer = site.ask(front, headers=headers, cookie=together(member, cookie))
    assert (answer.status, answer.header("Location")) == ((302, f"{site.base}{front}es/") if spanish else (200, ""))
    assert {"accept-language", "cookie"} <= {part.strip() for part in answer.header("Vary").lower().split(",")}


def test_a_link_inside_the_site_is_a_choice(site: Site, member: str) -> None:
    """Who follows the link to the English front page gets it, even with a Spanish browser and without scripts."""
    answer = site.ask("/", headers=(*SPANISH, ("Sec-Fetch-Site", "same-origin")), cookie=member)
    assert answer.status == 200
    assert answer.speaks("en")


@pytest.mark.parametrize(
    ("url", "headers", "cookie", "lang"),
    [
        ("/es/no/", PAGE, "", "es"),
        ("/no/", SPANISH, "", "es"),
        ("/no/", ENGLISH, "", "en"),
        ("/no/", PAGE, "", "en"),
        ("/no/", ENGLISH, "guide_lang=es", "es"),
        ("/no/", SPANISH, "guide_lang=en", "en"),
        ("/preview/es/no/", ENGLISH, "", "es"),
        ("/es/no.pdf", SCRIPT, "", "es"),
    ],
)
def test_an_error_speaks_the_readers_language(
    site: Site, member: str, outsider: str, url: str, headers: tuple[tuple[str, str], ...], cookie: str, lang: str
) -> None:
    """Missing, refused and signed out are said in the language of the address, the reader's choice or the browser."""
    script = (*tuple(pair for pair in headers if pair[0] != "Accept"), ("Accept", "*/*"))
    asks = [(headers, member), (headers, outsider), (script, "")]
    for form, session in asks:
        answer = site.ask(url, headers=form, cookie=together(session, cookie))
        assert answer.status in (401, 403, 404)
        assert answer.speaks(lang), (answer.status, answer.text[:200])


def test_a_missing_page_of_the_preview_is_said_to_be_missing(site: Site) -> None:
    """The public part answers 404 with a page, in the reader's language, without asking for a session."""
    answer = site.ask("/preview/no-such-page/", headers=SPANISH)
    assert answer.status == 404
    assert answer.speaks("es")


def test_a_wrong_method_gets_a_page(site: Site, member: str) -> None:
    """Even a refusal of a method is one of our pages, with the policy and in the language of the address."""
    answer = site.ask("/es/", method="POST", cookie=member)
    site.close()
    assert answer.status == 405
    assert answer.speaks("es")


def test_the_sign_in_pages_speak_both_languages(site: Site) -> None:
    """Sign-in, signed out and not completed lead a Spanish reader to the Spanish page, if the build has one."""
    for name in ("", "signed-out.html", "not-completed.html"):
        answer = site.ask(f"/signin/{name}", headers=SPANISH)
        if answer.status == 302:
            assert answer.header("Location") == f"{site.base}/signin/es/{name}"
            answer = site.ask(f"/signin/es/{name}", headers=SPANISH)
        assert answer.status == 200
        assert answer.speaks("es")
        assert site.ask(f"/signin/{name}", headers=ENGLISH).speaks("en")
