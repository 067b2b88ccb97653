"""Files for other tools: each is taken by the tool, or by what its makers publish to judge it."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import re
import subprocess
import sys
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
from guide.export.assessment_data import assessment_data
from guide.export.catalogue import catalogue
from guide.export.ciso_assistant import library_yaml
from guide.export.downloads import Download, offered, write_downloads
from guide.export.xlsform import xlsform
from guide.guide import Guide
from guide.load import load
from guide.marks import IN_STEP, Behind, Marks, told
from guide.model import LANGUAGES, Lang
from guide.problems import Stop
from guide.render import Renderer
from guide.render_downloads import downloads, fill_sizes, size_in_words
from tests.ciso_assistant_structure import faults
from tests.conftest import copy_specimen, shared

ROOT = Path(__file__).parent.parent
GUIDE = load(ROOT).guide
ASKED = [requirement for chapter in GUIDE.chapters for requirement in GUIDE.in_force(chapter.code)]
PINS = Path(__file__).parent / "trestle.txt"
MOVED = Behind("SPANISH_MOVED", "2026-11-10")
MARKS: Marks = {lang: dict.fromkeys(("IT-02", "chapter:IT", "scoring"), MOVED) for lang in LANGUAGES}
XHTML, XFORMS = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/2002/xforms}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Download]]:
    """Every download of the guide, written once."""
    return written(tmp_path_factory, "downloads", IN_STEP)


def written(factory: pytest.TempPathFactory, name: str, marks: Marks) -> tuple[Path, dict[str, Download]]:
    """Folder and list of what is written with these marks, once for all workers."""
    with shared(factory, name) as folder:
        made = folder.with_name(f"{name}.list")
        if not made.exists():
            files = {download.name: download for download in write_downloads(GUIDE, marks, folder)}
            made.write_bytes(pickle.dumps(files))
        return folder, pickle.loads(made.read_bytes())


@pytest.fixture
def small(tmp_path: Path) -> Guide:
    """The specimen guide."""
    return load(copy_specimen(tmp_path / "specimen")).guide


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Download]]:
    """Every download while a requirement, a chapter's purpose and the rules of the score wait for their English."""
    return written(tmp_path_factory, "marked", MARKS)


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
        write_downloads(small, IN_STEP, tmp_path / folder)
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


def test_every_file_marks_what_is_out_of_step(
    made: tuple[Path, dict[str, Download]], marked: tuple[Path, dict[str, Download]]
) -> None:
    """Each download carries the sentence in each of its languages, and none when all is in step."""
    for name, download in made[1].items():
        for lang in [download.language] if download.language else LANGUAGES:
            said = told(MOVED, GUIDE.interface.words(lang))
            assert said in words_of(marked[0] / name), name
            assert said not in words_of(made[0] / name), name


def words_of(file: Path) -> str:
    """All text of a file on one line."""
    if file.suffix == ".xlsx":
        book = openpyxl.load_workbook(file)
        cells = (str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        text = " ".join(cells)
    elif file.suffix == ".yaml":
        text = " ".join(map(str, strings(yaml.load(file.read_text("utf-8"), yaml.CSafeLoader))))
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
        venv.create(home, clear=True)
        uv = [Path(sys.executable).parent / "uv", "pip", "install", "--quiet", "--python", home / "bin" / "python"]
        subprocess.run([*uv, "-r", PINS], check=True)
        (home / "ready").write_text(pins, encoding="utf-8")
    plain = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}}
    command = [home / "bin" / "trestle", *arguments]
    return subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True, check=False)


def test_compliance_trestle_takes_the_oscal_catalog(
    made: tuple[Path, dict[str, Download]], marked: tuple[Path, dict[str, Download]], tmp_path: Path
) -> None:
    """Imported and validated in both languages, with marks too; one with a control that has no title is refused."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    trestle("init", "--local", folder=workspace)
    catalogs = {lang: read(made, "oscal", lang) for lang in LANGUAGES} | {"marked": read(marked, "oscal", "es")}
    for name, data in catalogs.items():
        file = tmp_path / f"{name}.json"
        file.write_bytes(data)
        assert trestle("import", "-f", file, "-o", name, folder=workspace).returncode == 0
    checked = trestle("validate", "--all", folder=workspace)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    valid = re.findall(r"VALID: Model .*/(\w+)/catalog.json", checked.stdout + checked.stderr)
    assert sorted(valid) == sorted(catalogs)
    broken = json.loads(read(made, "oscal", "en"))
    broken["catalog"]["groups"][0]["groups"][0]["controls"][0].pop("title")
    (tmp_path / "broken.json").write_text(json.dumps(broken), encoding="utf-8")
    assert trestle("import", "-f", tmp_path / "broken.json", "-o", "broken", folder=workspace).returncode != 0


def controls(made: tuple[Path, dict[str, Download]], lang: Lang) -> list[dict[str, Any]]:
    """Every control of a catalog."""
    groups = json.loads(read(made, "oscal", lang))["catalog"]["groups"]
    return [control for domain in groups for chapter in domain["groups"] for control in chapter["controls"]]


def test_a_control_that_is_out_of_step_says_so_in_a_property_and_in_prose(
    marked: tuple[Path, dict[str, Download]],
) -> None:
    """The property is the same in both languages; the prose stands after the statement."""
    for lang in LANGUAGES:
        found = [c for c in controls(marked, lang) if any(prop["name"] == "translation" for prop in c["props"])]
        assert [control["id"] for control in found] == ["it-02"]
        assert found[0]["props"][-1]["value"] == "spanish-moved"
        assert found[0]["parts"][1]["prose"] == told(MOVED, GUIDE.interface.words(lang))


def test_both_catalogs_have_the_same_controls(made: tuple[Path, dict[str, Download]]) -> None:
    """Every requirement is one control with the same id, weight and references in both languages."""
    english, spanish = controls(made, "en"), controls(made, "es")
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


def test_a_library_with_marks_has_the_same_structure(marked: tuple[Path, dict[str, Download]]) -> None:
    """The annotation of the requirement, the description of the chapter and that of the framework say it."""
    text = read(marked, "ciso_assistant")
    assert faults(text) == []
    framework = yaml.safe_load(text)["objects"]["framework"]
    nodes = {node["ref_id"]: node for node in framework["requirement_nodes"]}
    for lang in LANGUAGES:
        said = told(MOVED, GUIDE.interface.words(lang))
        it, requirement, whole = (
            part if lang == "en" else part["translations"]["es"] for part in (nodes["IT"], nodes["IT-02"], framework)
        )
        assert requirement["annotation"].startswith(f"{said}\n")
        assert it["description"].endswith(said)
        assert whole["description"].endswith(said)
    assert yaml.safe_dump(nodes).count(told(MOVED, GUIDE.interface.words("en"))[:20]) == 2


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
    library = yaml.safe_load(library_yaml(small, IN_STEP))
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


def test_the_form_tells_whoever_answers_what_is_out_of_step(
    marked: tuple[Path, dict[str, Download]], tmp_path: Path
) -> None:
    """A note under the question, one at the head of its chapter and one at the start; the form stays valid."""
    file = tmp_path / "marked.xlsx"
    file.write_bytes(read(marked, "xlsform"))
    assert convert(file, validate=True).warnings == []
    rows = list(openpyxl.load_workbook(file)["survey"].iter_rows(values_only=True))
    names = [str(row[1]) for row in rows]
    notes = [name for name in names if name.endswith("_translation")]
    assert notes == ["scoring_translation", "chapter_it_translation", "it_02_translation"]
    assert names[names.index("it_02_translation") - 1] == "it_02"


def test_the_form_asks_for_evidence_and_reasons_where_the_rules_need_them(small: Guide, tmp_path: Path) -> None:
    """Evidence from the level of the rules on; a reason of sufficient length and an approver for N/A."""
    rows = list(openpyxl.load_workbook(io.BytesIO(xlsform(small, IN_STEP)))["survey"].iter_rows(values_only=True))
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


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_last_column_of_the_table_says_what_is_out_of_step(
    made: tuple[Path, dict[str, Download]], marked: tuple[Path, dict[str, Download]], lang: Lang
) -> None:
    """The sentence in the row of the requirement, and nothing in any other row."""
    words = GUIDE.interface.words(lang)
    for files, expected in ((made, {}), (marked, {"IT-02": told(MOVED, words)})):
        text = read(files, "csv", lang).decode("utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=words["downloads"]["separator"])
        assert {row["id"]: row["translation"] for row in rows if row["translation"]} == expected


@pytest.mark.parametrize("text", ['=HYPERLINK("https://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", " =1"])
def test_no_cell_of_the_table_is_a_formula(text: str) -> None:
    """What a spreadsheet could take for a formula gets an apostrophe; other text is left alone."""
    assert table.neutral(text)[0] == "'"
    assert table.neutral("Signed list") == "Signed list"


# --- catalogue and data of the assessment ----------------------------------------------------------------------------


def test_the_catalogue_says_of_each_text_whether_it_is_out_of_step() -> None:
    """A state and the days as far as known; null in step. Texts and their hashes are the same either way."""
    plain, marked = catalogue(GUIDE, IN_STEP), catalogue(GUIDE, MARKS)
    moved = {"state": "spanish_moved", "changed": {"en": None, "es": "2026-11-10"}}
    assert {r["id"]: r["behind"] for r in marked["requirements"] if r["behind"]} == {"IT-02": moved}
    assert {c["code"]: c["behind"] for c in marked["chapters"] if c["behind"]} == {"IT": moved}
    assert (plain["behind"], marked["behind"]) == ({}, {"scoring": moved})
    assert not [part for part in (*plain["requirements"], *plain["chapters"]) if part["behind"]]
    assert [r | {"behind": None} for r in marked["requirements"]] == plain["requirements"]


@pytest.mark.parametrize(
    ("state", "days", "changed"),
    [
        ("ENGLISH_MOVED", {"en": "2026-11-10", "es": "2026-11-10"}, {"en": "2026-11-10", "es": None}),
        ("BOTH_MOVED", {"en": "2026-11-12", "es": "2026-11-10"}, {"en": "2026-11-10", "es": "2026-11-12"}),
        ("NEW", {"en": None, "es": None}, {"en": None, "es": None}),
    ],
)
def test_the_catalogue_gives_the_day_of_each_side(
    state: str, days: dict[Lang, str | None], changed: dict[str, str | None]
) -> None:
    """A reader is told the day of the other language; the catalogue turns that into the day of each."""
    marks = {lang: {"IT-02": Behind(state, days[lang])} for lang in LANGUAGES}
    found = next(r for r in catalogue(GUIDE, marks)["requirements"] if r["id"] == "IT-02")
    assert found["behind"] == {"state": state.lower(), "changed": changed}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_assessment_gets_the_sentence_in_its_language(lang: Lang) -> None:
    """Only where there is something to say: the file is loaded on slow lines."""
    found = [r for r in assessment_data(GUIDE, MARKS, lang)["requirements"] if "behind" in r]
    assert [(r["id"], r["behind"]) for r in found] == [("IT-02", told(MOVED, GUIDE.interface.words(lang)))]


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
