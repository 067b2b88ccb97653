"""What every answer carries: policy, caching, cookies, scored as Mozilla's HTTP Observatory does.

Source of the scores: MDN, "HTTP Observatory: tests and scoring" (github.com/mdn/mdn-http-observatory, src/grader).
"""

from __future__ import annotations

import re

import pytest
from client import PAGE, SCRIPT, Answer, Site
from trees import Trees

KINDS = (
    "page",
    "data",
    "paper",
    "missing",
    "refused page",
    "refused script",
    "not a member",
    "preview",
    "error",
    "sign-in",
)


@pytest.fixture(params=KINDS)
def answer(request: pytest.FixtureRequest, site: Site, trees: Trees, member: str, outsider: str) -> Answer:
    """One answer of each kind that the site can give."""
    paper = next(file.url for file in trees.plain if file.url.endswith(".pdf"))
    asks = {
        "page": ("/es/", PAGE, member),
        "data": ("/data/catalogue.json", SCRIPT, member),
        "paper": (paper, PAGE, member),
        "missing": ("/no/such/page/", PAGE, member),
        "refused page": ("/es/", PAGE, ""),
        "refused script": ("/data/catalogue.json", SCRIPT, ""),
        "not a member": ("/es/", PAGE, outsider),
        "preview": ("/preview/", PAGE, ""),
        "error": ("/preview/no-such-page", PAGE, ""),
        "sign-in": ("/signin/", PAGE, ""),
    }
    url, headers, cookie = asks[request.param]
    return site.ask(url, headers=headers, cookie=cookie)


def policy_score(policy: str) -> int:
    """Observatory's modifier for a content security policy."""
    if not policy:
        return -25
    directives = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.split()}
    scripts = directives.get("script-src", directives.get("default-src", ["*"]))
    styles = directives.get("style-src", directives.get("default-src", ["*"]))
    wide = {"'unsafe-inline'", "'unsafe-eval'", "data:", "http:", "https:", "*"}
    if wide & {*scripts, *directives.get("object-src", directives.get("default-src", ["*"]))}:
        return -20
    if wide & set(styles):
        return 0
    closed = directives.get("default-src") == ["'none'"] and directives.get("form-action") in (["'none'"], ["'self'"])
    return 10 if closed else 5


def cookie_score(answer: Answer) -> int:
    """Observatory's modifier for cookies: every one of them Secure, HttpOnly and SameSite."""
    cookies = [value.lower() for value in answer.all("Set-Cookie")]
    if any("httponly" not in cookie for cookie in cookies):
        return -30
    if any("; secure" not in cookie for cookie in cookies):
        return -40
    if any("samesite=lax" not in cookie and "samesite=strict" not in cookie for cookie in cookies):
        return 0
    return 5 if cookies else 0


def score(answer: Answer) -> int:
    """Observatory's score for one answer over TLS; bonuses count only from 90 points on."""
    policy = answer.header("Content-Security-Policy")
    lifetime = re.search(r"max-age=(\d+)", answer.header("Strict-Transport-Security"))
    sharing = answer.header("Access-Control-Allow-Origin")
    framing = 5 if "frame-ancestors" in policy else 0 if answer.header("X-Frame-Options") == "DENY" else -20
    referrer = {"": 0, "no-referrer": 5, "same-origin": 5, "strict-origin": 5, "strict-origin-when-cross-origin": 5}
    modifiers = [
        policy_score(policy),
        cookie_score(answer),
        -50 if sharing else 0,
        referrer.get(answer.header("Referrer-Policy"), -5),
        0 if lifetime and int(lifetime[1]) >= 15768000 else -20,
        0 if answer.header("X-Content-Type-Options") == "nosniff" else -5,
        framing,
        10 if answer.header("Cross-Origin-Resource-Policy") in ("same-origin", "same-site") else 0,
    ]
    fined = 100 + sum(modifier for modifier in modifiers if modifier < 0)
    return fined + sum(modifier for modifier in modifiers if modifier > 0) if fined >= 90 else fined


def test_every_answer_has_a_strict_policy(answer: Answer) -> None:
    """Nothing is allowed that is not named, no script runs that the build did not make, nobody frames the guide."""
    policies = answer.all("Content-Security-Policy")
    assert len(policies) == 1
    assert policy_score(policies[0]) == 10
    assert "frame-ancestors 'none'" in policies[0]
    assert "base-uri 'none'" in policies[0] or "base-uri 'self'" in policies[0]


def test_every_answer_has_the_other_headers(answer: Answer) -> None:
    """No guessing of types, no referrer, no other site's page reads or embeds it, and exactly one of each."""
    assert answer.all("X-Content-Type-Options") == ["nosniff"]
    assert answer.all("Cross-Origin-Resource-Policy") == ["same-origin"]
    assert answer.all("Cross-Origin-Opener-Policy") == ["same-origin"]
    assert answer.header("Referrer-Policy") in ("no-referrer", "same-origin", "strict-origin")
    assert not answer.header("Access-Control-Allow-Origin")
    assert not re.search(r"\d", answer.header("Server")), "the server tells its version"
    assert not answer.header("X-Powered-By")
    assert len(answer.all("Cache-Control")) == 1


def test_a_member_page_is_kept_by_nobody_else(site: Site, trees: Trees, member: str) -> None:
    """What members read is private to their browser and asked for again each time; no search engine lists it."""
    paper = next(file.url for file in trees.plain if file.url.endswith(".pdf"))
    for url in ("/es/", "/data/catalogue.json", paper):
        answer = site.ask(url, cookie=member)
        directives = {part.strip() for part in answer.header("Cache-Control").split(",")}
        assert "private" in directives or "no-store" in directives, url
        assert "no-cache" in directives or "no-store" in directives, url
        assert "public" not in directives, url
        assert "noindex" in answer.header("X-Robots-Tag"), url


def test_a_refusal_is_kept_by_nobody(site: Site, outsider: str) -> None:
    """A redirect to the sign-in or a refusal is never stored: after signing in, the page itself must come."""
    for headers, cookie in ((PAGE, ""), (SCRIPT, ""), (PAGE, outsider)):
        answer = site.ask("/es/", headers=headers, cookie=cookie)
        assert "no-store" in answer.header("Cache-Control"), answer.status


def test_cookies_are_out_of_reach(site: Site) -> None:
    """The cookie of a sign-in under way is for this host, for HTTP only, and not for other sites' requests."""
    answer = site.ask("/es/")
    for cookie in answer.all("Set-Cookie"):
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower() or "samesite=strict" in cookie.lower()
        assert "domain=" not in cookie.lower()
        assert ("; secure" in cookie.lower()) is site.secure


def test_scores_that_should_fail_do(site: Site, member: str) -> None:
    """The scorer takes points off for what Observatory takes points off: a control for the test over TLS."""
    answer = site.ask("/es/", cookie=member)
    lifetime = ("Strict-Transport-Security", "max-age=63072000")
    kept = tuple(pair for pair in answer.headers if pair[0].lower() not in ("set-cookie", "strict-transport-security"))
    assert score(Answer(200, (*kept, lifetime), b"")) >= 130
    assert score(Answer(200, kept, b"")) < 100
    loose = tuple(pair for pair in kept if pair[0].lower() != "content-security-policy")
    assert score(Answer(200, (*loose, lifetime), b"")) < 90
    assert score(Answer(200, (*kept, lifetime, ("Set-Cookie", "gate=x; HttpOnly")), b"")) < 90
