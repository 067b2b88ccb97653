"""Files for other tools: each is taken by the tool, or by what its makers publish to judge it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import venv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import yaml
from pyxform.xls2xform import convert

from guide.export import table
from guide.export.ciso_assistant import library_yaml
from guide.export.downloads import Download, offered, write_downloads
from guide.export.xlsform import xlsform
from guide.guide import Guide
from guide.load import load
from guide.model import LANGUAGES, Lang
from guide.problems import Stop
from guide.render import Renderer
from guide.render_downloads import downloads, fill_sizes, size_in_words
from tests.ciso_assistant_structure import faults
from tests.conftest import copy_specimen

ROOT = Path(__file__).parent.parent
GUIDE = load(ROOT).guide
ASKED = [requirement for chapter in GUIDE.chapters for requirement in GUIDE.in_force(chapter.code)]
PINS = Path(__file__).parent / "trestle.txt"
XHTML, XFORMS = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2002/xforms}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Download]]:
    """Every download of the guide, written once."""
    folder = tmp_path_factory.mktemp("downloads")
    return folder, {download.name: download for download in write_downloads(GUIDE, folder)}


@pytest.fixture
def small(tmp_path: Path) -> Guide:
    """The specimen guide."""
    return load(copy_specimen(tmp_path / "specimen")).guide


def read(made: tuple[Path, dict[str, Download]], kind: str, lang: Lang | None = None) -> bytes:
    """The bytes of a download."""
    folder, files = made
    name = next(name for name, file in files.items() if (file.kind, file.language) == (kind, lang))
    return (folder / name).read_bytes()


# --- all of them ----------------------------------------------------------------------------------------------------


def test_the_list_is_what_was_written(made: tuple[Path, dict[str, Download]]) -> None:
    """Names, languages and sizes are those of the files, nothing half-written is left, and the list is known before."""
    folder, files = made
    assert {file.name: file.stat().st_size for file in folder.iterdir()} == {n: d.size for n, d in files.items()}
    assert tuple(replace(download, size=None) for download in files.values()) == offered()


def test_the_same_guide_gives_the_same_files(small: Guide, tmp_path: Path) -> None:
    """Written twice, every file has the same bytes."""
    for folder in ("first", "second"):
        write_downloads(small, tmp_path / folder)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes(), file.name


def test_every_file_says_what_it_is_and_what_it_is_not(made: tuple[Path, dict[str, Download]]) -> None:
    """Edition, and that it is the authority's own tool and implies no certification, in each language of the file."""
    folder, files = made
    for name, download in files.items():
        text = words_of(folder / name)
        for lang in [download.language] if download.language else LANGUAGES:
            assert GUIDE.interface.words(lang)["downloads"]["notice"] in text, name
        assert GUIDE.edition.edition in text or GUIDE.edition.edition.replace(".", "") in text, name


def words_of(file: Path) -> str:
    """All text of a file on one line."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        cells = (str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        text = " ".join(cells)
    elif file.suffix == ".yaml":
        text = " ".join(map(str, strings(yaml.safe_load(file.read_text("utf-8")))))
    elif file.suffix == ".json":
        text = " ".join(map(str, strings(json.loads(file.read_text("utf-8")))))
    else:
        text = file.read_text("utf-8-sig")
    return " ".join(text.split())


def strings(value: Any) -> list[Any]:
    """Every leaf of nested data."""
    if isinstance(value, dict):
        return [leaf for part in value.values() for leaf in strings(part)]
    return [leaf for part in value for leaf in strings(part)] if isinstance(value, list) else [value]


# --- OSCAL ----------------------------------------------------------------------------------------------------------


def trestle(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Runs compliance-trestle from its own environment below .cache/, made when its pins change."""
    pins = PINS.read_text("utf-8")
    home = ROOT / ".cache" / next(line for line in pins.splitlines() if line.startswith("compliance-trestle=="))
    if not (home / "ready").is_file() or (home / "ready").read_text("utf-8") != pins:
        venv.create(home, clear=True, with_pip=True)
        pip = [home / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "-r", PINS], check=True)
        (home / "ready").write_text(pins, encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    command = [home / "bin" / "trestle", *arguments]
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)


def test_compliance_trestle_takes_the_oscal_catalog(made: tuple[Path, dict[str, Download]], tmp_path: Path) -> None:
    """Imported and validated in both languages; a catalog with a control that has no title is refused."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    trestle("init", "--local", folder=workspace)
    for lang in LANGUAGES:
        file = tmp_path / f"{lang}.json"
        file.write_bytes(read(made, "oscal", lang))
        assert trestle("import", "-f", file, "-o", lang, folder=workspace).returncode == 0
        checked = trestle("validate", "-t", "catalog", "-n", lang, folder=workspace)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "VALID" in checked.stdout + checked.stderr
    broken = json.loads(read(made, "oscal", "en"))
    broken["catalog"]["groups"][0]["groups"][0]["controls"][0].pop("title")
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    assert trestle("import", "-f", tmp_path / "broken.json", "-o", "broken", folder=workspace).returncode != 0


def test_both_catalogs_have_the_same_controls(made: tuple[Path, dict[str, Download]]) -> None:
    """Every requirement is one control with the same id, weight and references in both languages."""

    def controls(lang: Lang) -> list[dict[str, Any]]:
        groups = json.loads(read(made, "oscal", lang))["catalog"]["groups"]
        return [control for domain in groups for chapter in domain["groups"] for control in chapter["controls"]]

    english, spanish = controls("en"), controls("es")
    assert sorted(control["id"].upper() for control in english) == sorted(requirement.id for requirement in ASKED)
    for one, other in zip(english, spanish, strict=True):
        assert (one["id"], one["props"]) == (other["id"], other["props"])
        assert [link["href"] for link in one["links"]] == [link["href"] for link in other["links"]]
    resources = json.loads(read(made, "oscal", "en"))["catalog"]["back-matter"]["resources"]
    cited = {link["href"] for control in english for link in control["links"]}
    assert cited == {f"#{resource['uuid']}" for resource in resources}


def test_an_oscal_id_never_changes(made: tuple[Path, dict[str, Download]]) -> None:
    """A document (here the ISPS Code) has the same id in every edition, so that links from outside stay good."""
    resources = json.loads(read(made, "oscal", "en"))["catalog"]["back-matter"]["resources"]
    ids = {resource["uuid"]: resource["title"] for resource in resources}
    assert ids["611fad7d-8996-5f14-bd21-90b7ac4280c8"] == GUIDE.references["isps"].short.en


# --- CISO Assistant -------------------------------------------------------------------------------------------------


def test_the_library_has_the_structure_that_ciso_assistant_imports(made: tuple[Path, dict[str, Download]]) -> None:
    """Nothing that the importer would refuse or drop, and every requirement with its weight in both languages."""
    text = read(made, "ciso_assistant")
    assert faults(text) == []
    nodes = yaml.safe_load(text)["objects"]["framework"]["requirement_nodes"]
    by_id = {node["ref_id"]: node for node in nodes if node["assessable"]}
    assert sorted(by_id) == sorted(requirement.id for requirement in ASKED)
    for requirement in ASKED:
        node = by_id[requirement.id]
        assert (node["description"], node["weight"]) == (requirement.text.en, requirement.weight.value)
        assert node["translations"]["es"]["description"] == requirement.text.es
        assert set(node["translations"]["es"]) == {"description", "annotation", "typical_evidence"}


BREAKING: dict[str, Callable[[dict[str, Any]], Any]] = {
    "its urn is badly formed": lambda library: library.update(urn="csbp"),
    "version is missing": lambda library: library.pop("version"),
    "min_score must be below": lambda library: library["objects"]["framework"].update(max_score=0),
    "one entry for every score": lambda library: library["objects"]["framework"]["scores_definition"].pop(),
    "occurs twice": lambda library: library["objects"]["framework"]["requirement_nodes"].append(
        library["objects"]["framework"]["requirement_nodes"][0]
    ),
    "does not stand before it": lambda library: library["objects"]["framework"]["requirement_nodes"].pop(0),
    "is not known": lambda library: library["objects"]["framework"].update(requirements=[]),
}


@pytest.mark.parametrize("fault", BREAKING)
def test_the_check_of_the_structure_sees_a_broken_library(small: Guide, fault: str) -> None:
    """Each way to break a library is found, so that an empty list of faults means something."""
    library = yaml.safe_load(library_yaml(small))
    BREAKING[fault](library)
    assert any(fault in found for found in faults(yaml.safe_dump(library, sort_keys=False).encode()))


# --- XLSForm --------------------------------------------------------------------------------------------------------


def test_pyxform_and_odk_validate_take_the_form(made: tuple[Path, dict[str, Download]], tmp_path: Path) -> None:
    """The form becomes an XForm without a warning, passes ODK Validate, and asks each requirement in both languages."""
    file = tmp_path / "form.xlsx"
    file.write_bytes(read(made, "xlsform"))
    converted = convert(file, validate=True)
    assert converted.warnings == []
    form = ElementTree.fromstring(converted.xform.encode())
    translations = {
        found.get("lang"): {text.get("id"): "".join(text.itertext()).strip() for text in found}
        for found in form.iter(f"{XFORMS}translation")
    }
    assert set(translations) == {"English (en)", "Español (es)"}
    questions = {q.get("ref", ""): q for q in form.iter(f"{XFORMS}select1")}
    for requirement in ASKED:
        path = next(p for p in questions if p.endswith(f"/{requirement.id.lower().replace('-', '_')}"))
        label = questions[path].find(f"{XFORMS}label").get("ref").split("'")[1]  # type: ignore[union-attr]
        assert translations["English (en)"][label] == requirement.text.en
        assert translations["Español (es)"][label] == requirement.text.es


def test_the_form_asks_for_evidence_and_reasons_where_the_rules_need_them(small: Guide, tmp_path: Path) -> None:
    """Evidence from the level of the rules on; a reason of sufficient length and an approver for N/A."""
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsform(small)))["survey"].iter_rows(values_only=True))
    survey = {row[1]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert f">= {small.scoring.evidence.dated_from_level}" in survey["it_01_date"]["relevant"]
    assert survey["it_01_reason"]["constraint"].endswith(f">= {small.scoring.not_applicable.reason_min_characters}")
    assert survey["it_01_approver"]["required"] == "yes"
    assert survey["chapter_it"]["relevant"] == "selected(${chapters}, 'it')"


# --- CSV ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_table_holds_every_requirement(made: tuple[Path, dict[str, Download]], lang: Lang) -> None:
    """UTF-8 with byte order mark, one row a requirement, the text unchanged, the notice once."""
    data = read(made, "csv", lang)
    assert data.startswith(b"\xef\xbb\xbf")
    separator = GUIDE.interface.words(lang)["downloads"]["separator"]
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator))
    assert [(row["id"], row["requirement"]) for row in rows] == [(r.id, r.text[lang]) for r in ASKED]
    assert [bool(row["notice"]) for row in rows] == [True, *[False] * (len(rows) - 1)]


@pytest.mark.parametrize("text", ['=HYPERLINK("https://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_of_the_table_is_a_formula(text: str) -> None:
    """What a spreadsheet could take for a formula gets an apostrophe; other text is left alone."""
    assert table.neutral(text)[0] == "'"
    assert table.neutral("Signed list") == "Signed list"


# --- the page -------------------------------------------------------------------------------------------------------


def page(guide: Guide, lang: Lang) -> str:
    """The page as the site shows it, one folder below the root of its language."""
    renderer = Renderer(guide, lang, lengths={chapter.code: 100 for chapter in guide.chapters})
    return downloads(renderer, "../", offered())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_offers_all_paper_and_all_downloads(small: Guide, lang: Lang) -> None:
    """Each kind of paper in each size, every download, the catalogue and the field edition with its checksum."""
    root = "../" if lang == "en" else "../../"
    offers = set(re.findall(r'<a href="([^"#]+\.(?:pdf|xlsx|csv|json|yaml|zip|sha256))"', page(small, lang)))
    paper = {
        f"{root}paper/{folder}/{size}/insider-threat{end}.pdf"
        for size in ("a4", "letter")
        for folder, end in [(lang, ""), (lang, "-worksheet"), (lang, "-worksheet-fillable"), (lang, "-training"),
                            ("bilingual", "-worksheet")]
    }  # fmt: skip
    paper |= {f"{root}paper/{lang}/{size}/guide.pdf" for size in ("a4", "letter")}
    files = {f"{root}downloads/{download.name}" for download in offered()} | {f"{root}data/catalogue.json"}
    edition = f"{root}downloads/field-edition-{small.edition.edition}.zip"
    assert offers == paper | files | {edition, f"{edition}.sha256"}


def test_a_chapter_that_is_not_written_offers_no_paper(small: Guide) -> None:
    """It is named as in preparation instead of leading nowhere."""
    html = downloads(Renderer(small, "en"), "../", offered())
    assert "insider-threat.pdf" not in html
    assert small.interface.words("en")["card"]["in_preparation"] in html


def test_sizes_come_from_the_files(small: Guide, tmp_path: Path) -> None:
    """After the build every link has the size of its file; no empty place is left."""
    target = tmp_path / "es" / "paper" / "index.html"
    html = page(small, "es")
    for path in set(re.findall(r'data-file="([^"]+)"', html)):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x" * 1_730_000)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html, encoding="utf-8")
    fill_sizes(tmp_path, {target: Renderer(small, "es")})
    filled = target.read_text("utf-8")
    assert "data-file" not in filled
    assert '<small class="file-size">1,7\u00a0MB</small>' in filled


def test_a_file_that_is_offered_and_missing_stops_the_build(small: Guide, tmp_path: Path) -> None:
    """Every missing file is named at once, and the page is left as it was."""
    target = tmp_path / "paper" / "index.html"
    target.parent.mkdir()
    target.write_text(page(small, "en"), encoding="utf-8")
    with pytest.raises(Stop) as stopped:
        fill_sizes(tmp_path, {target: Renderer(small, "en")})
    assert len(stopped.value.problems) == len(set(re.findall(r'data-file="([^"]+)"', page(small, "en"))))
    assert target.read_text("utf-8") == page(small, "en")


@pytest.mark.parametrize(("size", "words"), [(1, "1\u00a0kB"), (226_408, "226\u00a0kB"), (1_449_000, "1.4\u00a0MB")])
def test_a_size_is_said_in_few_figures(small: Guide, size: int, words: str) -> None:
    """Kilobytes without decimals, megabytes with one."""
    assert size_in_words(size, Renderer(small, "en")) == words
