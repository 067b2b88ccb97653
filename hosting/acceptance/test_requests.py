"""Methods, headers, cookies and bent protocol: the path is right, everything else is not."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from client import PAGE, SCRIPT, Site
from trees import File, Trees
from tricks import COOKIES, FORGERIES, METHODS, oddities


def sample(trees: Trees) -> list[File]:
    """One file of each kind, the largest of it: page, data, paper, download, asset."""
    kinds: dict[str, File] = {}
    for file in trees.plain:
        kind = file.path.suffix
        if kind not in kinds or len(file.content) > len(kinds[kind].content):
            kinds[kind] = file
    return list(kinds.values())


@pytest.mark.parametrize("method", METHODS)
def test_no_method_opens_the_gate(site: Site, trees: Trees, nobody: str, method: str) -> None:
    """A request with any method gives somebody who is no member nothing."""
    for file in sample(trees):
        for headers in (PAGE, SCRIPT):
            answer = site.ask(file.url, method=method, headers=headers, cookie=nobody)
            assert not trees.detector.leak(answer), file.url
            assert not (method == "HEAD" and 200 <= answer.status < 300), file.url
    site.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_the_guide_is_read_only(site: Site, trees: Trees, member: str, method: str) -> None:
    """Not even a member can write: such a request is refused, and the file is what it was."""
    file = sample(trees)[0]
    answer = site.ask(file.url, method=method, cookie=member, body=b"x" if method in ("POST", "PUT") else b"")
    site.close()
    assert answer.status in (400, 403, 404, 405, 501)
    assert site.ask(file.url, headers=(("Accept", "*/*"),), cookie=member).text == file.content


@pytest.mark.parametrize("name", FORGERIES)
def test_no_header_opens_the_gate(site: Site, trees: Trees, nobody: str, name: str) -> None:
    """A header that some proxy or application would believe is not believed."""
    for file in sample(trees):
        for form in (PAGE, SCRIPT):
            answer = site.ask(file.url, headers=(*form, *FORGERIES[name]), cookie=nobody)
            assert answer.status in (301, 302, 303, 400, 401, 403, 404, 412), (file.url, answer.status)
            assert not trees.detector.leak(answer), file.url
            assert "unknown.invalid" not in answer.header("Location")
    site.close()


@pytest.mark.parametrize("name", COOKIES)
def test_no_made_up_cookie_opens_the_gate(site: Site, trees: Trees, name: str) -> None:
    """A session that the gate did not give is no session, and does not upset the server."""
    for file in sample(trees):
        answer = site.ask(file.url, cookie=COOKIES[name])
        assert answer.status in (301, 302, 303, 400, 401, 403), (file.url, answer.status)
        assert not trees.detector.leak(answer), file.url


@pytest.mark.parametrize("name", list(oddities("/", "x")))
def test_no_bent_request_opens_the_gate(site: Site, trees: Trees, nobody: str, name: str) -> None:
    """A request that bends the protocol brings no member's bytes, and the server lives on."""
    for file in sample(trees):
        request = oddities(file.url, site.named)[name]
        if nobody:
            request = request.replace(b"\r\n\r\n", f"\r\nCookie: {nobody}\r\n\r\n".encode(), 1)
        found = site.everything(request, seconds=3)
        assert not trees.detector.content(found), file.url
    assert site.ask("/preview/").status == 200


def test_the_callback_answers_nothing_else(site: Site, trees: Trees, nobody: str) -> None:
    """The address for sign-in tells no session, token or key, and opens no page."""
    questions = ["", "?info=json", "?session=check", "?session=logout", "?refresh=/", "?jwks=rsa", "?request_uri=x"]
    questions += [
        "?iss=https://unknown.invalid",
        "?code=x",
        "?state=x",
        "?code=x&state=x",
        "?error=access_denied&state=x",
    ]
    questions += ["?code=x&state=x&session=check", "?info=html&code=x&state=x", "/index.html", "?revoke_session=x"]
    for question in questions:
        answer = site.ask(f"/_gate/callback{question}", cookie=nobody)
        assert not trees.detector.leak(answer), question
        assert b"id_token" not in answer.body + repr(answer.headers).encode(), question
    answer = site.ask("/_gate/callback", method="POST", body=b"code=x&state=y", cookie=nobody)
    assert not trees.detector.leak(answer)
    site.close()


@pytest.mark.parametrize(
    "target",
    [
        "https://unknown.invalid/",
        "//unknown.invalid",
        "http:unknown.invalid",
        "{base}.unknown.invalid/",
        "{base}@unknown.invalid",
        "{base}/signin/signed-out.html@unknown.invalid",
        "https://unknown.invalid/?{base}/signin/signed-out.html",
        "\\\\unknown.invalid",
        "{base}%0d%0aLocation:%20https://unknown.invalid/",
        "/%09/unknown.invalid",
    ],
)
def test_signing_out_and_in_lead_nowhere_else(site: Site, target: str) -> None:
    """No parameter makes the site send a reader to a place of somebody else's choosing."""
    asked = target.format(base=site.base)
    addresses = [f"/_gate/callback?logout={asked}", f"/_gate/callback?target_link_uri={asked}&iss=x"]
    addresses += [
        f"/signin/out?logout={asked}",
        f"/signin/?next={asked}",
        f"//unknown.invalid/{asked}",
        f"/preview/{asked}",
    ]
    for address in addresses:
        answer = site.ask(address)
        # as a browser reads it: a backslash is a slash there
        place = urlsplit(urljoin(site.base, answer.header("Location").replace("\\", "/"))).netloc
        assert "unknown.invalid" not in place, (address, answer.header("Location"))
