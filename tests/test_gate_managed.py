"""What hosting/managed writes for other hosts opens what is public and nothing else.

Azure's rules are read as its documentation reads them; nginx is run; of Cloudflare and CloudFront only the files are
looked at. The guides beside them say what has not been run.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).parent.parent
MANAGED = ROOT / "hosting" / "managed"
sys.path[:0] = [str(ROOT / "hosting"), str(MANAGED), str(ROOT / "hosting" / "acceptance")]

import azure  # noqa: E402
import cloudflare  # noqa: E402
import nginx  # noqa: E402
import try_nginx  # noqa: E402
from client import PAGE, SCRIPT, Site  # noqa: E402
from gate.refusal import Refused  # noqa: E402

ISSUER = "https://login.example.org/realms/members"
BY_THE_BOOK, GENEROUS = "by the book", "generous"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small build with the shape of the real one."""
    folder = tmp_path_factory.mktemp("azure") / "build"
    subprocess.run([sys.executable, str(ROOT / "hosting/acceptance/specimen.py"), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def uploaded(build: Path) -> Path:
    """The folder that would be uploaded."""
    return azure.assemble(build, ISSUER, build.parent / "azure")


def matches(route: str, path: str, reading: str) -> bool:
    """Whether a rule's route fits a path; the documentation's note on index files is read strictly or not at all."""
    if route.endswith("/*"):
        below = path.startswith(route[:-1])
        return below and not (reading == BY_THE_BOOK and path in (route[:-1], f"{route[:-1]}index.html"))
    folder = route.removesuffix("/index.html") if route.endswith("/index.html") else None
    return path == route or path.rstrip("/") == folder


def roles(config: dict[str, Any], path: str, reading: str, method: str = "GET") -> list[str]:
    """Who may ask for `path`: the first matching rule decides, and without one everybody may."""
    for rule in config["routes"]:
        if matches(rule["route"], path, reading) and method in rule.get("methods", [method]):
            found: list[str] = rule.get("allowedRoles", ["anonymous"])
            return found
    return ["anonymous"]


def addresses(tree: Path) -> list[str]:
    """Every address of a tree: its files, and the folders that have an index file, with and without a slash."""
    files = [f"/{path.relative_to(tree).as_posix()}" for path in tree.rglob("*") if path.is_file()]
    files = [path for path in files if not path.endswith((".br", ".gz"))]
    folders = [path[: -len("index.html")] for path in files if path.endswith("/index.html")]
    return files + folders + [folder.rstrip("/") for folder in folders if folder != "/"]


@pytest.mark.parametrize("reading", [BY_THE_BOOK, GENEROUS])
def test_every_member_address_asks_for_the_role(build: Path, uploaded: Path, reading: str) -> None:
    """No file of the member folder, and no folder with an index, is anonymous, nor is a missing one."""
    config = json.loads((uploaded / "staticwebapp.config.json").read_text())
    asked = [*addresses(build / "member"), "/", "/no/such/page", "/previewx/", "/preview-internal/", "/signin.html"]
    for method in ("GET", "HEAD"):
        assert {path for path in asked if roles(config, path, reading, method) != ["member"]} == set()
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert {path for path in asked if roles(config, path, reading, method) != ["nobody"]} == set()


@pytest.mark.parametrize("reading", [BY_THE_BOOK, GENEROUS])
def test_every_public_file_is_open(build: Path, uploaded: Path, reading: str) -> None:
    """Preview, sign-in, errors, robots.txt and icon need no session."""
    config = json.loads((uploaded / "staticwebapp.config.json").read_text())
    files = [path for path in addresses(build / "public") if "." in path.rpartition("/")[2]]
    assert [path for path in files if roles(config, path, reading) != ["anonymous"]] == []


def test_the_upload_is_both_trees_and_nothing_else(build: Path, uploaded: Path) -> None:
    """Each file arrives as it is, without compressed copies that the host would serve as files."""
    both = [(build / tree, path) for tree in ("member", "public") for path in addresses(build / tree)]
    wanted = {path for tree, path in both if (tree / path[1:]).is_file()}
    found = {f"/{path.relative_to(uploaded).as_posix()}" for path in uploaded.rglob("*") if path.is_file()}
    assert found == wanted | {"/staticwebapp.config.json"}


def test_the_configuration_has_no_way_round(uploaded: Path) -> None:
    """No fallback that answers for missing files, no built-in provider left open, no pattern that opens a neighbour."""
    config = json.loads((uploaded / "staticwebapp.config.json").read_text())
    assert "navigationFallback" not in config
    opened = [rule["route"] for rule in config["routes"] if "anonymous" in rule.get("allowedRoles", ["anonymous"])]
    assert not [route for route in opened if route.endswith("*") and not route.endswith("/*")]
    assert list(config["auth"]["identityProviders"]) == ["customOpenIdConnectProviders"]
    assert len(json.dumps(config)) < azure.LIMIT
    assert "'unsafe-inline'" not in json.dumps(config)


def test_a_name_in_both_trees_is_refused(build: Path, tmp_path: Path) -> None:
    """On this host the two folders become one; a public file must not shadow a member's, or take its rule."""
    clash = build / "member" / "robots.txt"
    clash.write_text("members")
    try:
        with pytest.raises(Refused, match="is in both folders"):
            azure.assemble(build, ISSUER, tmp_path / "azure")
    finally:
        clash.unlink()


def test_an_old_upload_is_not_mixed_in(build: Path, uploaded: Path) -> None:
    """A folder of an earlier edition is not written over: files that are gone would stay public or stale."""
    with pytest.raises(Refused, match="is there already"):
        azure.assemble(build, ISSUER, uploaded)


def test_signing_out_clears_the_cache_where_headers_are_kept(uploaded: Path) -> None:
    """Azure's redirects lose their headers: the page that they lead to clears the cache, before its folder's rule."""
    routes = json.loads((uploaded / "staticwebapp.config.json").read_text())["routes"]
    names = [rule["route"] for rule in routes]
    for path in ("/signin/signed-out.html", "/signin/es/signed-out.html"):
        rule = routes[names.index(path)]
        assert rule["headers"]["Clear-Site-Data"] == '"cache"'
        assert rule["allowedRoles"] == ["anonymous"]
        assert names.index(path) < names.index("/signin/*")


def test_errors_and_role_are_as_chosen(build: Path, tmp_path: Path) -> None:
    """The error pages speak the chosen language, and another role shuts everybody's open session out."""
    azure.assemble(build, ISSUER, tmp_path / "azure", language="es", role="member2")
    config = json.loads((tmp_path / "azure" / "staticwebapp.config.json").read_text())
    pages = [given["rewrite"] for given in config["responseOverrides"].values() if "rewrite" in given]
    assert len(pages) == 3
    for page in pages:
        assert page.endswith(".es.html")
        assert (tmp_path / "azure" / page[1:]).is_file()
    assert roles(config, "/es/index.html", BY_THE_BOOK) == ["member2"]
    for name in ("anonymous", "authenticated", "nobody", "a member", ""):
        with pytest.raises(Refused, match="no name for members"):
            azure.assemble(build, ISSUER, tmp_path / "other", role=name)


def granted(body: Any, **settings: str) -> list[str]:
    """The roles that the function answers with."""
    program = "require(process.argv[1])({}, {body: JSON.parse(process.argv[2])}).then((a) => console.log(a.body))"
    words = ["node", "-e", program, str(MANAGED / "azure-roles" / "roles" / "index.js"), json.dumps(body)]
    chosen = {"PATH": os.environ["PATH"], **settings}
    answer = subprocess.run(words, env=chosen, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(answer.stdout)["roles"]
    return found


WANTED = {"MEMBERS_CLAIM": "groups", "MEMBERS_VALUE": "membership/member"}


@pytest.mark.parametrize(
    ("claims", "member"),
    [
        ([{"typ": "groups", "val": "membership/member"}], True),
        ([{"typ": "groups", "val": "other"}, {"typ": "groups", "val": "membership/member"}], True),
        ([{"typ": "groups", "val": '["other", "membership/member"]'}], True),
        ([{"typ": "groups", "val": "membership/members"}], False),
        ([{"typ": "groups", "val": " membership/member"}], False),
        ([{"typ": "groups", "val": '["membership/member2"]'}], False),
        ([{"typ": "groups", "val": '{"membership/member": 1}'}], False),
        ([{"typ": "roles", "val": "membership/member"}], False),
        ([{"typ": "groups"}], False),
        ([None, 1], False),
        ([], False),
        ("groups", False),
        (None, False),
    ],
)
def test_only_the_whole_claim_grants_the_role(claims: Any, member: bool) -> None:
    """The function compares name and value whole, in a text, several claims or a list, and grants nothing else."""
    assert granted({"identityProvider": "members", "claims": claims}, **WANTED) == (["member"] if member else [])


def test_without_settings_or_from_elsewhere_nobody_is_a_member() -> None:
    """A setting that is missing or empty, another provider, or no body at all: no role."""
    claims = [{"typ": "groups", "val": "membership/member"}, {"typ": "", "val": ""}]
    asked = {"identityProvider": "members", "claims": claims}
    assert granted(asked, **WANTED, MEMBERS_ROLE="member2") == ["member2"]
    assert granted(asked) == []
    assert granted(asked, MEMBERS_CLAIM="", MEMBERS_VALUE="") == []
    assert granted({**asked, "identityProvider": "github"}, **WANTED) == []
    assert granted(None, **WANTED) == []


# ---- Cloudflare ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def worker(build: Path) -> Path:
    """The folder for Cloudflare."""
    return cloudflare.assemble(build, "guide.example.org", build.parent / "cloudflare")


def carried(worker: Path, path: str) -> dict[str, str]:
    """What a path carries, as Cloudflare reads _headers: all rules that fit, in order, "!" first takes away."""
    found = {"Access-Control-Allow-Origin": "*"}
    fits = False
    for line in (worker / "files" / "_headers").read_text().splitlines():
        if not line.startswith(" "):
            fits = path == line or (line.endswith("*") and path.startswith(line[:-1]))
        elif fits and line.startswith("  ! "):
            found.pop(line[4:], None)
        elif fits:
            name, _, value = line.strip().partition(": ")
            found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def test_every_answer_of_the_worker_carries_the_policy(build: Path, worker: Path) -> None:
    """One strict policy each, no sharing with other sites, private for members, and sign-out clears the cache."""
    for path in ("/", "/es/", "/data/catalogue.json", "/preview/", "/signin/", "/errors/403.en", "/signin/out"):
        given = carried(worker, path)
        assert given["Content-Security-Policy"].count("default-src") == 1
        assert "Access-Control-Allow-Origin" not in given
        assert given["X-Content-Type-Options"] == "nosniff"
    assert carried(worker, "/es/")["Cache-Control"] == "private, no-cache"
    assert carried(worker, "/preview-internal/")["Cache-Control"] == "private, no-cache"
    assert carried(worker, "/preview/")["Cache-Control"] == "public, max-age=300"
    assert "X-Robots-Tag" not in carried(worker, "/preview/")
    assert carried(worker, "/signin/out")["Refresh"] == "0; url=/cdn-cgi/access/logout"
    for path in ("/signin/out", "/signin/signed-out", "/signin/es/signed-out"):
        assert carried(worker, path)["Clear-Site-Data"] == '"cache"'


def test_what_is_missing_in_public_is_answered_with_a_public_page(build: Path, worker: Path) -> None:
    """The nearest 404.html above a public address is never the members'."""
    errors = {(build / "public" / "errors" / f"404.{language}.html").read_bytes() for language in ("en", "es")}
    for folder in ("preview", "preview/es", "signin", "signin/es", "errors"):
        assert (worker / "files" / folder / "404.html").read_bytes() in errors


def test_the_worker_has_one_name(worker: Path) -> None:
    """No second name shows the same files, no script runs, and both trees are there without compressed copies."""
    config = json.loads((worker / "wrangler.json").read_text())
    assert (config["workers_dev"], config["preview_urls"]) == (False, False)
    assert config["routes"] == [{"pattern": "guide.example.org", "custom_domain": True}]
    assert "main" not in config
    assert not [path for path in worker.rglob("*") if path.suffix in (".br", ".gz")]
    assert (worker / "files" / "es" / "index.html").is_file()


def test_what_cloudflare_does_not_take_is_refused(build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit and a line over the limit are named before anything is uploaded."""
    monkeypatch.setattr(cloudflare, "LARGEST", 59_000)
    monkeypatch.setattr(cloudflare, "LONGEST", 200)
    with pytest.raises(Refused, match=r"insider-threat\.pdf: is over 25 MiB") as refused:
        cloudflare.assemble(build, "guide.example.org", tmp_path / "cloudflare")
    assert "_headers: has a line of" in str(refused.value)
    assert not (tmp_path / "cloudflare").exists()


# ---- CloudFront ------------------------------------------------------------------------------------------------------


def test_the_index_function_changes_nothing_else() -> None:
    """A folder becomes its index file, a plain name gets its slash, and nothing becomes a way to another site."""
    source = (MANAGED / "cloudfront-index.js").read_text()
    asked = "JSON.parse(process.argv[1]).map((uri) => handler({request: {uri}}))"
    program = f"{source}\nconsole.log(JSON.stringify({asked}))"
    paths = [
        "/",
        "/es/",
        "/es",
        "/chapters/insider-threat",
        "/a.pdf",
        "//unknown.invalid",
        "/\\unknown.invalid",
        "/../x",
    ]
    words = ["node", "-e", program, json.dumps(paths)]
    answers = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert [answer.get("uri") for answer in answers[:2]] == ["/index.html", "/es/index.html"]
    assert [answer["headers"]["location"]["value"] for answer in answers[2:4]] == ["/es/", "/chapters/insider-threat/"]
    assert [answer.get("uri") for answer in answers[4:]] == paths[4:]


# ---- nginx -----------------------------------------------------------------------------------------------------------


def accept(build: Path, templates: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """What hosting/managed/try_nginx.py says of these two files."""
    words = [sys.executable, str(MANAGED / "try_nginx.py"), "--build", str(build), "--templates", str(templates)]
    return subprocess.run([*words, *options], capture_output=True, text=True, check=False)


def test_nginx_keeps_out_who_is_no_member(build: Path) -> None:
    """The files of the guide, filled in for loopback, pass the acceptance test over TLS, comfort included."""
    slow = "not compressed and not bent and not reach_content"
    answer = accept(build, MANAGED, "-k", slow, "--requests", "800")
    assert answer.returncode == 0, answer.stdout[-4000:]
    assert "800 hostile requests as stranger: 0 leaks" in answer.stdout
    assert "800 hostile requests as outsider: 0 leaks" in answer.stdout


@pytest.mark.parametrize(
    ("safe", "undone", "fails"),
    [
        ("    auth_request /oauth2/auth;\n", "", "test_every_member_file_is_refused"),
        ("location / { }", "location ~ \\.js$ { auth_request off; }", "test_every_member_file_is_refused"),
        ("Cache-Control $keeps always", 'Cache-Control "public" always', "test_a_member_page_is_kept_by_nobody_else"),
        ("    include {{headers}};\n\n", "\n", "test_every_answer_has_the_other_headers"),
    ],
)
def test_a_choice_undone_is_noticed(build: Path, tmp_path: Path, safe: str, undone: str, fails: str) -> None:
    """The acceptance test fails when a safety choice of nginx.conf is undone."""
    for name in ("nginx.conf", "nginx-headers.conf"):
        shutil.copy(MANAGED / name, tmp_path)
    conf = tmp_path / "nginx.conf"
    assert safe in conf.read_text(), "the case no longer fits the configuration"
    conf.write_text(conf.read_text().replace(safe, undone, 1))
    answer = accept(build, tmp_path, "-x", "-k", fails)
    assert answer.returncode == 1, answer.stdout[-4000:]
    assert f"::{fails}" in answer.stdout


@pytest.fixture(scope="module")
def server(build: Path) -> Iterator[try_nginx.Running]:
    """nginx with its stand-in for the proxy."""
    with try_nginx.running(build) as running:
        yield running


@pytest.fixture
def site(server: try_nginx.Running) -> Iterator[Site]:
    """The gated site."""
    found = Site(server.origin, insecure=True)
    yield found
    found.close()


def test_a_reader_is_sent_to_the_sign_in_and_back(site: Site) -> None:
    """Who opens a page is led to the provider with the page in mind; a script is told 401, in the reader's language."""
    answer = site.ask("/es/chapters/insider-threat/?from=mail&on=monday")
    assert answer.status == 302
    assert answer.header("Location").startswith(try_nginx.SIGN_IN_AT)
    assert answer.header("Cache-Control") == "no-store"
    kept = try_nginx.StandIn.started[-1]["X-Auth-Request-Redirect"]
    assert kept == "/es/chapters/insider-threat/?from=mail&on=monday"
    answer = site.ask("/es/", headers=SCRIPT)
    assert answer.status == 401
    assert answer.speaks("es")


def test_signing_out_ends_more_than_the_session(site: Site) -> None:
    """The cache is cleared, a new mark is left, and the proxy is told to send the reader to the provider and back."""
    answer = site.ask("/signin/out", cookie=try_nginx.MEMBER)
    assert answer.header("Clear-Site-Data") == '"cache"'
    assert re.fullmatch(r"guide_out=[\d.]+; Path=/; Secure; SameSite=Lax", answer.header("Set-Cookie"))
    place = urlsplit(answer.header("Location"))
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{site.base}/oauth2/sign_out"
    provider = urlsplit(parse_qs(place.query)["rd"][0])
    assert f"{provider.scheme}://{provider.netloc}{provider.path}" == try_nginx.SIGN_OUT_AT
    back = {"client_id": ["practice-guide"], "post_logout_redirect_uri": [f"{site.base}/signin/signed-out.html"]}
    assert parse_qs(provider.query) == back
    assert site.ask("/signin/signed-out.html").header("Clear-Site-Data") == '"cache"'
    assert nginx.signed_out(site.base, "", "") == "%2Fsignin%2Fsigned-out.html"


def test_the_proxy_hears_nginx_and_the_cookie_alone(site: Site) -> None:
    """What a reader says about themselves reaches the proxy neither with the question nor with a sign-in."""
    told = (("X-Forwarded-Uri", "/preview/"), ("X-Forwarded-Host", "unknown.invalid"), ("X-Real-IP", "10.0.0.1"))
    told += (("X-Auth-Request-Redirect", "https://unknown.invalid/"), ("Authorization", "Bearer x"), ("X-Other", "y"))
    site.ask("/es/", headers=(*PAGE, *told), cookie=try_nginx.MEMBER)
    asked = try_nginx.StandIn.asked[-1]
    assert set(asked) <= {"Host", "Cookie", "X-Forwarded-Uri", "Connection"}
    assert (asked["Cookie"], asked["X-Forwarded-Uri"]) == (try_nginx.MEMBER, "/es/")
    for path in ("/oauth2/start?rd=/es/", "/es/"):
        site.ask(path, headers=(*PAGE, *told))
        heard = try_nginx.StandIn.started[-1]
        for word in ("/preview/", "unknown.invalid", "10.0.0.1", "Bearer"):
            assert word not in "".join(heard.values())
        assert heard["X-Forwarded-Proto"] == "https"
        assert heard["X-Forwarded-Host"] == heard["Host"] == "localhost"


def test_the_proxy_answers_three_questions(site: Site) -> None:
    """Its other addresses are not there, a cancelled sign-in is explained, and a non-member reads our page."""
    for path in ("/oauth2/auth", "/oauth2/userinfo", "/oauth2/sign_in", "/oauth2/static/x.css", "/oauth2/"):
        assert site.ask(path, cookie=try_nginx.MEMBER).status == 404, path
    answer = site.ask("/oauth2/callback?error=access_denied&state=x")
    assert (answer.status, answer.header("Location")) == (302, f"{site.base}/signin/not-completed.html")
    answer = site.ask("/oauth2/callback?code=x&state=y", headers=(("Accept", "text/html"), ("Accept-Language", "es")))
    assert answer.status == 403
    assert answer.speaks("es")


def test_plain_http_only_leads_to_https(server: try_nginx.Running, site: Site) -> None:
    """The plain port serves no file: it redirects to the same page, and answers a certificate authority."""
    plain = Site(server.plain)
    for url in ("/", "/es/", "/data/catalogue.json"):
        answer = plain.ask(url, host="localhost")
        assert (answer.status, answer.header("Location")) == (301, site.base + url)
    challenge = server.folder / "acme" / ".well-known" / "acme-challenge"
    challenge.mkdir(parents=True)
    for folder in (challenge, *challenge.parents[:2]):
        folder.chmod(0o755)
    (challenge / "token").write_text("answer")
    assert plain.ask("/.well-known/acme-challenge/token", host="localhost").body == b"answer"


def test_the_audit_log_says_who_read_what(server: try_nginx.Running, site: Site) -> None:
    """One line a decision, with the subject and the path asked for; no query, cookie, address or browser."""
    before = len(server.audit())
    site.ask("/es/?q=evacuation", headers=(*PAGE, ("User-Agent", "a-telling-browser")), cookie=try_nginx.MEMBER)
    site.ask("/no/such/page/", cookie=try_nginx.MEMBER)
    site.ask("/data/catalogue.json", headers=SCRIPT, cookie=try_nginx.VISITOR)
    site.ask("/data/catalogue.json", headers=SCRIPT)
    site.ask('/x%0a"%20subject="member', headers=SCRIPT)
    end = time.monotonic() + 5
    while len(lines := server.audit()[before:]) < 5 and time.monotonic() < end:
        time.sleep(0.02)
    found = [re.fullmatch(r'\S+ subject="(.*)" method=(\S+) path="(.*)" status=(\d+)', line) for line in lines]
    assert [line.groups() for line in found if line] == [
        ("member", "GET", "/es/", "200"),
        ("member", "GET", "/no/such/page/", "404"),
        ("-", "GET", "/data/catalogue.json", "403"),
        ("-", "GET", "/data/catalogue.json", "401"),
        ("-", "GET", "/x%0a\\x22%20subject=\\x22member", "401"),
    ]
    for word in ("evacuation", "session=", "127.0.0.1", "a-telling-browser"):
        assert word not in "".join(lines)


def test_without_the_proxy_the_guide_is_closed(build: Path) -> None:
    """When the proxy is gone, members get our page for a fault, the preview stays open, and no file is given."""
    with try_nginx.running(build) as server:
        server.proxy.shutdown()
        server.proxy.server_close()
        there = Site(server.origin, insecure=True)
        for headers in (PAGE, SCRIPT):
            answer = there.ask("/es/", headers=headers, cookie=try_nginx.MEMBER)
            assert answer.status == 500
            assert answer.text == (build / "public" / "errors" / "5xx.es.html").read_bytes()
        assert there.ask("/preview/").status == 200
        there.close()


def test_the_files_for_a_host_have_no_gap(build: Path, tmp_path: Path) -> None:
    """Every place is filled in, and what would bend the configuration is refused, all of it at once."""
    words = [sys.executable, str(MANAGED / "nginx.py"), "--build", str(build), "--out", str(tmp_path / "nginx")]
    subprocess.run([*words, "--host", "guide.example.org"], capture_output=True, check=True)
    for name in ("nginx.conf", "headers.conf"):
        assert "{{" not in (tmp_path / "nginx" / name).read_text()
    assert "server_name guide.example.org;" in (tmp_path / "nginx" / "nginx.conf").read_text()
    bad = ["--host", "https://Guide.example.org", "--certificate", "/x; autoindex on"]
    refused = subprocess.run([*words, *bad], capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "--host" in refused.stderr
    assert "--certificate" in refused.stderr
