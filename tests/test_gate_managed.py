"""The configuration for Azure Static Web Apps opens what is public and nothing else, however its wildcards are read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "hosting"), str(ROOT / "hosting" / "managed")]

import azure  # noqa: E402
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
