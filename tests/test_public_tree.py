"""The public tree holds nothing of the member site: no sentence, requirement, address, search entry or file."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from guide.building import pages
from guide.content import Content
from guide.model import LANGUAGES
from tests.conftest import ROOT
from tests.test_preview import project

WORDS_IN_A_ROW = 9
TEXT = {".html", ".json", ".xml", ".txt", ".js", ".css", ".svg"}


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of so many words."""
    words = re.findall(r"\w+", re.sub(r"<[^>]+>|\\u003c", " ", text).lower())
    return {tuple(words[index : index + WORDS_IN_A_ROW]) for index in range(len(words) - WORDS_IN_A_ROW + 1)}


def member_runs(content: Content) -> set[tuple[str, ...]]:
    """Runs of words that only members may read: member pages, requirements, sessions."""
    found: set[tuple[str, ...]] = set()
    shared: set[tuple[str, ...]] = set()
    for lang in LANGUAGES:
        for page in content.pages[lang].values():
            kept = shared if page.meta["access"] == "public" else found
            for _, text in page.prose:
                kept |= runs(text)
        for pair in content.pairs.values():
            if re.match(r"[A-Z]{2}-\d\d$|training:|checklists:", pair.item):
                found |= runs(pair.text(lang))
            elif pair.item.startswith(("chapter:", "figure:certification-path", "interface:", "edition", "lifecycle")):
                shared |= runs(pair.text(lang))
    return found - shared


def leaks(public: Path, content: Content) -> list[str]:
    """Files of the public tree with member text, a requirement id, or the address of a member page."""
    secret = member_runs(content)
    members = {
        page.name.removesuffix(".md") for page in content.pages["en"].values() if page.meta["access"] == "member"
    } - {"index"}
    address = re.compile(
        r"(?:href|src|loc)[=>]\"?[^\"<]*?/?(" + "|".join(map(re.escape, sorted(members))) + r")/[\"<#]"
    )
    shown = json.dumps(content.guide.interface.model_dump())  # the search hint names a requirement as an example
    ids = [item for item in content.guide.requirements if item not in shown]
    found = []
    for file in sorted(path for path in public.rglob("*") if path.suffix in TEXT):
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(public).as_posix()
        if hit := next(iter(runs(text) & secret), None):
            found.append(f"{name}: {' '.join(hit)}")
        if item := next((item for item in ids if item in text), None):
            found.append(f"{name}: {item}")
        if file.suffix in {".html", ".xml"} and (link := address.search(text)):
            found.append(f"{name}: {link[0]}")
    return found


@pytest.fixture(scope="module")
def content() -> Content:
    """The guide as it stands."""
    return Content(ROOT)


def test_the_public_tree_holds_nothing_of_the_member_site(built_site: Path, content: Content) -> None:
    """No file outside the gate has member text, a requirement, or leads to a member page."""
    assert leaks(built_site / "public", content) == []


def test_a_planted_sentence_is_found(tmp_path: Path, content: Content) -> None:
    """The search above sees a leak: a requirement, a sentence of a chapter, a link, one in each kind of file."""
    requirement = next(iter(content.guide.requirements.values()))
    sentence = next(text for _, text in content.pages["es"]["chapters/media.md"].prose if len(text.split()) > 12)
    (tmp_path / "a.html").write_text(f"<p>{requirement.text.en}</p>", encoding="utf-8")
    (tmp_path / "search.json").write_text(json.dumps([sentence], ensure_ascii=False), encoding="utf-8")
    (tmp_path / "sitemap.xml").write_text("<loc>https://guide.example.org/chapters/media/</loc>", encoding="utf-8")
    (tmp_path / "b.html").write_text("see IT-05", encoding="utf-8")
    assert {line.partition(":")[0] for line in leaks(tmp_path, content)} == {
        "a.html",
        "search.json",
        "sitemap.xml",
        "b.html",
    }


def test_the_trees_share_no_page(built_site: Path) -> None:
    """What stands outside the gate was made for it: no page is the same as one inside, not even a public one."""
    inside = {path.read_bytes() for path in (built_site / "member").rglob("*.html")}
    assert [path.name for path in (built_site / "public").rglob("*.html") if path.read_bytes() in inside] == []


HOME = "---\ntitle: Home\nsummary: Home.\naccess: public\n---\n\n# Home\n\n![The gate](gate.png)\n"
STRAY = ("minutes.pdf", "extra.html", "notes.txt", "seen.png~", "unseen.png", "chapters/seen.png")


@pytest.mark.parametrize(
    ("audience", "images"), [("member", ["chapters/seen.png", "gate.png"]), ("public", ["gate.png"])]
)
def test_a_file_that_is_no_page_is_not_published(tmp_path: Path, audience: str, images: list[str]) -> None:
    """Of what lies beside the pages, readers get the images that their pages show, even where nobody checked."""
    root = project(tmp_path)
    for lang in LANGUAGES:
        docs = root / "docs" / lang
        for name in (*STRAY, "gate.png"):
            (docs / name).write_bytes(b"x")
        (docs / "preview.md").write_text(HOME, encoding="utf-8")
        chapter = docs / "chapters" / "insider-threat.md"
        chapter.write_text(chapter.read_text(encoding="utf-8") + "\n![The gate](seen.png)\n", encoding="utf-8")
        index = docs / "index.md"
        index.write_text(index.read_text(encoding="utf-8") + "\n![The gate](gate.png)\n", encoding="utf-8")
    (root / "docs" / "stray.md").write_text(HOME, encoding="utf-8")
    configuration = root / "mkdocs.yml"
    lenient = configuration.read_text(encoding="utf-8").replace(
        "    audience: member\n", f"    audience: {audience}\n    strict_content: false\n"
    )
    configuration.write_text(lenient, encoding="utf-8")
    pages(root, "mkdocs.yml", root / "site")
    written = {path.relative_to(root / "site").as_posix() for path in (root / "site").rglob("*") if path.is_file()}
    found = sorted(name for name in written if "assets/" not in name and not name.endswith((".html", ".xml", ".gz")))
    assert found == sorted([*images, *(f"es/{name}" for name in images)])
    assert not {"extra.html", "es/extra.html", "stray/index.html"} & written
