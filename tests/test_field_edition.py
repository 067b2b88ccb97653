"""The field edition opens by double-click: from a folder on disk, without a server, in both languages."""

from __future__ import annotations

import hashlib
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, expect

from guide.__main__ import main
from guide.building import data_and_search, pages
from guide.content import Content
from guide.field_edition import BUDGET, make_field_edition, seal
from guide.load import load
from tests.conftest import ROOT, shared


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, made from the real guide with two papers of one chapter (what stands on paper is tested elsewhere)."""
    with shared(tmp_path_factory, "field") as folder:
        if not (folder / "made").exists():
            content = Content(ROOT)
            pages(ROOT, "mkdocs.yml", folder / "site")
            data_and_search(content, folder / "site")
            for size in ("a4", "letter"):
                paper = folder / "paper" / "en" / size / "insider-threat.pdf"
                paper.parent.mkdir(parents=True)
                paper.write_bytes(b"%PDF-1.7")
            made = make_field_edition(folder / "site", content.guide, folder / "paper", folder / "work", folder / "out")
            (folder / "made").write_text(made.name, "utf-8")
        return folder / "out" / (folder / "made").read_text("utf-8")


@pytest.fixture(scope="module")
def unpacked(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that an officer gets from the zip."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(edition) as archive:
        archive.extractall(folder)
    return folder / edition.stem


def test_the_checksum_is_that_of_the_zip(edition: Path) -> None:
    """The .sha256 file beside the zip is in the form that sha256sum -c reads."""
    said = edition.with_name(edition.name + ".sha256").read_text("ascii")
    assert said == f"{hashlib.sha256(edition.read_bytes()).hexdigest()}  {edition.name}\n"
    assert edition.stat().st_size < BUDGET


def test_every_page_says_edition_and_validity(unpacked: Path) -> None:
    """A copy that is passed on still says which edition it is and until when it may be used."""
    guide = Content(ROOT).guide
    for page in unpacked.rglob("*.html"):
        text = page.read_text("utf-8")
        assert 'class="field-note"' in text, page.name
        assert guide.edition.edition in text, page.name
        assert guide.edition.valid_until.isoformat() in text, page.name


def test_every_link_leads_to_something_in_the_copy(unpacked: Path) -> None:
    """What is left out, like paper of another size, leaves no dead link; what is there is offered."""
    dead = {
        href
        for page in unpacked.rglob("*.html")
        for href in re.findall(r'(?<=\s)(?:href|src)="([^"#?:]+)[#?"]', page.read_text("utf-8"))
        if not (page.parent / href).resolve().exists()
    }
    assert dead == set()
    card = (unpacked / "chapters" / "insider-threat" / "index.html").read_text("utf-8")
    assert "paper/en/a4/insider-threat.pdf" in card
    assert "letter/insider-threat.pdf" not in card


def test_no_link_leads_to_a_folder_or_a_module(unpacked: Path) -> None:
    """A browser shows a list of files for a folder, and refuses modules, on disk."""
    for page in unpacked.rglob("*.html"):
        text = page.read_text("utf-8")
        assert 'type="module"' not in text, page
        for href in re.findall(r'(?<=\s)href="([^"#]+)', text):
            if ":" not in href:
                assert (page.parent / href).is_file() or "/paper/" in f"/{href}" or "/downloads/" in f"/{href}", (
                    f"{page}: {href}"
                )


@pytest.mark.parametrize(
    ("start", "word", "chapter"), [("index.html", "PFSO", "staff"), ("es/index.html", "evaluacion", "eval")]
)
def test_search_and_answers_work_from_disk(
    unpacked: Path, browser: Browser, start: str, word: str, chapter: str
) -> None:
    """Search leads to a page; an answer given there is there again on the assessment page; nothing is sent."""
    context = browser.new_context()
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda request: None if request.url.startswith(("file:", "data:", "blob:")) else wrong.append(request.url),
    )
    page.goto((unpacked / start).as_uri())
    page.keyboard.press("Control+k")
    page.locator("#site-search-words").fill(word)
    first = page.locator("#site-search-results a").first
    first.wait_for()
    assert chapter in str(first.get_attribute("href"))
    first.click()
    page.wait_for_url("**/index.html*")
    page.locator("csbp-checklist input[type=radio]").first.check(force=True)
    page.locator('[data-when="saved"]').first.wait_for(state="attached")
    page.wait_for_timeout(500)
    page.goto((unpacked / start).with_name("assessment").joinpath("index.html").as_uri())
    count = sum(not requirement.retired for requirement in load(ROOT).guide.requirements.values())
    page.get_by_text(re.compile(rf"1 (of|de) {count}")).first.wait_for()
    assert wrong == []
    context.close()


def test_a_passphrase_works_from_disk(unpacked: Path, browser: Browser) -> None:
    """Nothing keeps the key between pages there: each asks for it, opens with it, and removal removes."""
    with browser.new_context() as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto((unpacked / "assessment" / "index.html").as_uri())
        page.locator(".run-item input[value='2']").check()
        page.locator("#this-device").evaluate("part => part.open = true")
        for field in ("passphrase", "again"):
            page.locator(f".set-passphrase [name={field}]").fill("muelle siete gaviota")
        page.locator(".set-passphrase button").first.click()
        expect(page.locator(".device-said")).not_to_be_empty()
        page.reload()
        page.locator("csbp-status [name=passphrase]").fill("muelle siete gaviota")
        page.locator("csbp-status form button").click()
        expect(page.locator(".run-progress")).to_contain_text("1 of")
        page.locator("csbp-status [name=lock]").click()
        expect(page.locator(".run")).to_be_hidden()
        page.locator("#this-device").evaluate("part => part.open = true")
        page.locator("[name=wipe]").click()
        with page.expect_navigation():
            page.locator("[name=really-wipe]").click()
        expect(page.locator(".run-progress")).to_contain_text("0 of")
        assert wrong == []


def test_a_sealed_copy_opens_with_its_passphrase_only(edition: Path, tmp_path: Path) -> None:
    """7-Zip opens the sealed zip with the passphrase and with no other; its checksum stands beside it."""
    sealed = seal(edition, "muelle siete gaviota")
    for passphrase, opens in (("muelle siete gaviota", True), ("muelle siete gaviotas", False)):
        folder = tmp_path / passphrase
        done = subprocess.run(["7zz", "x", "-y", f"-p{passphrase}", f"-o{folder}", str(sealed)], capture_output=True)
        assert (done.returncode == 0) is opens, done.stdout
        found = folder / edition.name
        assert (found.exists() and found.read_bytes() == edition.read_bytes()) is opens
    said = sealed.with_name(sealed.name + ".sha256").read_text("ascii")
    assert said.split() == [hashlib.sha256(sealed.read_bytes()).hexdigest(), sealed.name]


def test_a_weak_passphrase_is_refused_before_anything_is_built() -> None:
    """Fewer than 15 characters are refused with the number that is wanted, and asked for again."""
    found = CliRunner().invoke(main, ["build", "--seal"], input="muelle siete\n" * 2)
    assert found.exit_code == 1
    assert "12 characters. Use at least 15" in found.output
