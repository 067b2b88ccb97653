"""Nobody but a member reads a byte of a member's file; and the suite would notice if somebody did."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from client import PAGE, SCRIPT, Answer, Site
from figures import FIGURES
from trees import File, Trees
from tricks import paths

FORMS = (("page", PAGE, "1.1"), ("script", SCRIPT, "1.1"), ("old", PAGE, "1.0"))


def refused(answer: Answer) -> bool:
    """Whether the server turned the reader away or on to a sign-in."""
    return answer.status in (301, 302, 303, 307, 401, 403, 404)


def hostile(
    trees: Trees, base: str, limit: int
) -> list[tuple[File, str, str, tuple[str, tuple[tuple[str, str], ...], str]]]:
    """Up to `limit` hostile requests over the real file list, every trick and every file among them."""
    rows = []
    for number, file in enumerate(trees.member):
        for place, (trick, target) in enumerate(paths(file.url, base).items()):
            # the most telling form first for every pair; the others follow in the shuffled rest
            rows.append((file, trick, target, FORMS[(number + place) % len(FORMS)]))
    random.Random(2026).shuffle(rows)
    more = [(file, trick, target, form) for file, trick, target, used in rows for form in FORMS if form is not used]
    first = {file.url: (file, "as it is", file.url, FORMS[0]) for file in trees.member}
    return [*first.values(), *rows, *more][:limit]


def send(
    site: Site,
    rows: list[tuple[File, str, str, tuple[str, tuple[tuple[str, str], ...], str]]],
    cookie: str,
    trees: Trees,
) -> Counter[str]:
    """Sends every request; counts what the detector found, by trick."""
    found: Counter[str] = Counter()
    for file, trick, target, (form, headers, version) in rows:
        answer = site.ask(target, headers=headers, version=version, cookie=cookie)
        if reason := trees.detector.leak(answer):
            found[f"{trick} ({form}), asked {target} for {file.url}: {reason}"] += 1
    return found


def test_the_detector_knows_every_member_file(trees: Trees) -> None:
    """Nearly every member file has bytes of its own; one without them is judged by its address alone."""
    known = set(trees.detector.windows.values())
    shown = {file.content for file in trees.public}  # the theme's own styles and scripts are in both folders
    unknown = [file.url for file in trees.plain if file.url not in known and file.content not in shown]
    unknown = [url for url in unknown if len(next(f for f in trees.plain if f.url == url).content) >= 64]
    assert len(unknown) <= len(trees.plain) // 20, unknown


def test_no_public_file_is_a_members_file(trees: Trees) -> None:
    """No page, data or paper of the public folder is, byte for byte, one of the members' (search entries may be)."""
    worth = [file for file in trees.member if file.path.suffix in (".html", ".json", ".pdf", ".zip")]
    hidden = {file.content: file.url for file in worth if "/search/" not in file.url}
    assert not {file.url: hidden[file.content] for file in trees.public if file.content in hidden}


def test_a_piece_of_a_member_file_is_noticed(trees: Trees) -> None:
    """A page of the public folder with one member's phrase in it is a leak, whatever its status."""
    phrase = next(piece for piece in trees.detector.windows if piece.isascii() and b"\n" not in piece)
    page = trees.public[0].content
    assert not trees.detector.leak(Answer(200, (), page))
    for status in (200, 401, 403, 404, 500):
        assert trees.detector.leak(Answer(status, (), page + phrase))
    assert trees.detector.leak(Answer(302, (("Location", phrase.decode()),), b""))


def test_a_member_gets_every_file_whole(site: Site, trees: Trees, member: str) -> None:
    """The control for all that follows: with a session, each file arrives byte for byte."""
    wrong = []
    for file in trees.plain:
        answer = site.ask(file.url, headers=(("Accept", "*/*"),), cookie=member)
        if answer.status != 200 or answer.text != file.content:
            wrong.append(f"{file.url}: {answer.status}, {len(answer.text)} of {len(file.content)} bytes")
    assert not wrong, "\n".join(wrong[:20])


def test_every_member_file_is_refused(site: Site, trees: Trees, nobody: str) -> None:
    """Asked for plainly, as a page and as a script would ask, no member file is given."""
    wrong = []
    for file in trees.member:
        for headers in (PAGE, SCRIPT):
            answer = site.ask(file.url, headers=headers, cookie=nobody)
            if not refused(answer) or trees.detector.leak(answer):
                wrong.append(f"{file.url}: {answer.status} {trees.detector.leak(answer)}")
    assert not wrong, "\n".join(wrong[:20])


def test_hostile_paths_give_nothing(site: Site, trees: Trees, nobody: str, request: pytest.FixtureRequest) -> None:
    """No way of writing a path brings a byte of a member file to somebody who is no member."""
    rows = hostile(trees, site.base, request.config.getoption("--requests"))
    found = send(site, rows, nobody, trees)
    who = "outsider" if nobody else "stranger"
    request.config.stash[FIGURES].append(f"{len(rows)} hostile requests as {who}: {found.total()} leaks")
    assert not found, "\n".join(list(found)[:20])


def test_hostile_paths_do_reach_content_for_a_member(
    site: Site, trees: Trees, member: str, request: pytest.FixtureRequest
) -> None:
    """The same requests with a member's cookie set the detector off, by many tricks: it can see leaks."""
    rows = hostile(trees, site.base, min(3000, request.config.getoption("--requests")))
    found = send(site, rows, member, trees)
    tricks = {line.partition(" (")[0] for line in found}
    figure = f"{len(rows)} hostile requests as member: {found.total()} found content, by {len(tricks)} tricks"
    request.config.stash[FIGURES].append(figure)
    assert found.total() > len(rows) // 20
    assert "as it is" in tricks
    assert len(tricks) >= 5, sorted(tricks)


def test_what_is_there_and_what_is_not_look_alike(site: Site, trees: Trees, nobody: str) -> None:
    """Somebody who is no member cannot tell an existing file from a missing one by status, headers or page."""

    def look(url: str, form: tuple[tuple[str, str], ...]) -> tuple[int, tuple[str, ...], bytes]:
        answer = site.ask(url, headers=form, cookie=nobody)
        names = tuple(name for name, _ in answer.headers if name not in ("Date", "Set-Cookie", "Content-Length"))
        body = answer.text if answer.status in (401, 403, 404) else b""
        return answer.status, names, body

    for file in trees.plain[:: max(1, len(trees.plain) // 60)]:
        if file.url.endswith("/index.html"):
            continue
        stem, dot, suffix = file.url.rpartition(".")
        for form in (PAGE, SCRIPT):
            assert look(file.url, form) == look(f"{stem}-missing{dot}{suffix}", form), file.url


def test_the_public_part_is_open_to_all(site: Site, trees: Trees) -> None:
    """Every file of preview, sign-in and robots.txt arrives whole without a session: refusing is a decision."""
    wrong = []
    for file in trees.public:
        if file.url.startswith("/errors/") or file.url[-3:] in (".br", ".gz"):
            continue
        for coding in ("identity", "gzip", "br"):
            answer = site.ask(file.url, headers=(("Accept", "*/*"), ("Accept-Encoding", coding)))
            if answer.status != 200 or answer.text != file.content:
                wrong.append(f"{file.url} ({coding}): {answer.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "url",
    [
        "/.git/config",
        "/.htaccess",
        "/.env",
        "/settings.conf",
        "/run/settings.conf",
        "/csp.json",
        "/server-status",
        "/server-info",
        "/../csp.json",
        "/../public/errors/404.en.html",
        "/member/index.html",
        "/public/robots.txt",
        "/preview/../../csp.json",
        "/etc/passwd",
        "/preview/../../../etc/passwd",
        "/index.html~",
        "/sw.js",
        "/.svn/entries",
    ],
)
def test_what_is_not_the_guide_is_not_there(site: Site, member: str, trees: Trees, url: str) -> None:
    """Files beside the guide are refused to members as well."""
    for cookie in ("", member):
        answer = site.ask(url, cookie=cookie)
        assert refused(answer) or answer.status == 400, answer.status
        assert b"root:" not in answer.body
