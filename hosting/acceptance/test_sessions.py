"""The life of a session: in, out, copied, tired, too old; and the accounts that come close without being members."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from client import PAGE, SCRIPT, Site
from machine import Machine
from signin import Reader, sign_in, sign_out
from trees import Trees

pytestmark = pytest.mark.signs_in
DEEP = "/chapters/insider-threat/?from=mail"


def test_signing_in_leads_back_to_the_page(site: Site, machine: Machine) -> None:
    """Who opened a chapter from a mail reads that chapter after signing in."""
    _, where, answer = sign_in(Site(site.base), "member", str(machine.accounts()["member"]["passphrase"]), at=DEEP)
    assert where == site.base + DEEP
    assert answer.status == 200


@pytest.mark.parametrize("account", ["visitor", "near-miss", "near-miss-text", "no-groups"])
def test_only_the_whole_claim_makes_a_member(
    site: Site, trees: Trees, enter: Callable[[str], Reader], account: str
) -> None:
    """A claim that contains, extends, resembles or lacks the member's value opens nothing, and the reader is told."""
    reader = enter(account)
    for file in trees.plain:
        for headers in (PAGE, SCRIPT):
            answer = reader.ask(file.url, headers=headers)
            assert answer.status == 403, file.url
            assert not trees.detector.leak(answer), file.url


def test_who_is_no_member_can_sign_out(enter: Callable[[str], Reader]) -> None:
    """The page that refuses a visitor has a way out, for the case of two accounts."""
    answer = enter("visitor").ask("/")
    assert b"/signin/out" in answer.text


def test_signing_out_ends_a_copied_cookie(site: Site, enter: Callable[[str], Reader]) -> None:
    """A cookie that somebody copied before the reader signed out opens nothing afterwards."""
    reader = enter("member")
    copied = reader.cookie()
    assert site.ask("/es/", cookie=copied).status == 200
    where, page = sign_out(reader)
    assert re.fullmatch(rf"{re.escape(site.base)}/signin/(?:es/)?signed-out\.html", where)
    assert page.status == 200
    for cookie in (copied, reader.cookie()):
        assert site.ask("/es/", headers=SCRIPT, cookie=cookie).status == 401
        assert site.ask("/es/", headers=PAGE, cookie=cookie).status == 302


def test_signing_out_clears_the_browsers_cache(site: Site, enter: Callable[[str], Reader]) -> None:
    """Stored pages leave the computer with the first answer of the sign-out; the reader's assessment stays."""
    reader = enter("member")
    first = reader.ask("/signin/out")
    _, last = sign_out(reader)
    assert first.header("Clear-Site-Data") == last.header("Clear-Site-Data") == '"cache"'


def test_each_sign_out_leaves_a_new_mark(enter: Callable[[str], Reader]) -> None:
    """A page that comes back from the browser's back/forward memory can see that somebody has signed out since."""
    marks = []
    for _ in range(2):
        answer = enter("member").ask("/signin/out")
        line = next(value for value in answer.all("Set-Cookie") if value.startswith("guide_out="))
        assert "httponly" not in line.lower(), "the page's script must be able to read it"
        marks.append(line.partition(";")[0])
    assert marks[0] != marks[1]


def test_two_sessions_are_two(site: Site, enter: Callable[[str], Reader]) -> None:
    """Signing out in one browser leaves the same person's other browser alone."""
    one, other = enter("member"), enter("member")
    one.ask("/signin/out")
    one.follow(site.base + "/signin/out")
    assert site.ask("/es/", headers=SCRIPT, cookie=one.cookie()).status == 401
    assert site.ask("/es/", headers=SCRIPT, cookie=other.cookie()).status == 200


def test_a_new_sign_in_is_a_new_session(enter: Callable[[str], Reader]) -> None:
    """No cookie is ever given twice, so none can be planted beforehand."""
    cookies = {enter("member").cookie() for _ in range(3)}
    assert len(cookies) == 3


def test_an_answer_of_the_provider_works_once(site: Site) -> None:
    """The address with which the provider sends a reader back opens nothing in another browser, or later."""
    accounts_form = Reader(Site(site.base))
    url, _ = accounts_form.follow(site.base + "/es/")
    assert "/interaction/" in url
    stranger = Reader(Site(site.base))
    for query in ("code=made-up&state=made-up", "code=a&state=b&iss=c", "code=&state="):
        _, answer = stranger.follow(f"{site.base}/_gate/callback?{query}")
        assert answer.status in (200, 400, 401, 403, 404)
        assert stranger.ask("/es/", headers=SCRIPT).status == 401


@pytest.mark.own_gate
def test_a_cancelled_sign_in_is_explained(site: Site) -> None:
    """Who cancels at the provider reads a page of ours that says so."""
    reader = Reader(Site(site.base))
    url, form = reader.follow(site.base + "/es/")
    cancel = re.search(rb'href="([^"]+/cancel)"', form.text)
    assert cancel is not None
    where, answer = reader.follow(url.split("/interaction/")[0] + cancel[1].decode())
    assert "/signin/" in where
    assert "not-completed.html" in where
    assert answer.status == 200
