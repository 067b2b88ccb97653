"""The gap report and the comparison, as a reader gets them: terminal, HTML in a real browser, workbook."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import openpyxl
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner, Result
from playwright.sync_api import Browser, Page

from guide.assessment_file import open_file
from guide.export.catalogue import catalogue_json
from guide.marks import IN_STEP
from guide.model import LANGUAGES, Lang
from guide.report import Outputs, RefusedFilesError, report, report_command
from guide.report.catalogue import Catalogue, read_catalogue
from guide.report.reading import read
from guide.report.strangers import looks_like_formula, one_line, plain
from guide.report.terminal import columns
from guide.report.wording import read_words
from tests.browser import chromium
from tests.printed import pages as sheets_of
from tests.printed import whole_guide
from tests.scoring_cases import ROOT, RULES

FOLDER = ROOT / "tests" / "gap_report"
NORTH, LATER, SOUTH = (FOLDER / f"{name}.csbp.json" for name in ("north", "north-later", "south"))
WORDS = read_words(ROOT)
HOSTILE = "=1+1<script>alert(1)</script>\u202e\x1b[31m\x00'\"}} {{ 7*7 }} {0.__class__}"


@pytest.fixture(scope="module")
def catalogue_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small catalogue of the tests with the guide's own rules."""
    data = json.loads((FOLDER / "catalogue.json").read_text("utf-8"))
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.json"
    path.write_text(json.dumps({**data, "scoring": RULES.model_dump(mode="json")}), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def catalogue(catalogue_file: Path) -> Catalogue:
    return read_catalogue(catalogue_file)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def run(catalogue_file: Path, *arguments: object, typed: str | None = None) -> Result:
    """`guide report` as typed."""
    words = [*map(str, arguments), "--catalogue", str(catalogue_file)]
    return CliRunner(env={"COLUMNS": "100"}).invoke(report_command, words, input=typed)


def hostile(tmp_path: Path) -> Path:
    """An assessment in which every text tries something."""
    data = json.loads(NORTH.read_text("utf-8"))
    for name in ("site", "scope", "marking"):
        data[name] = HOSTILE
    for answer in data["answers"].values():
        answer |= {"note": HOSTILE, "owner": HOSTILE, "by": HOSTILE, "alternative": HOSTILE}
        for piece in answer["evidence"]:
            piece |= {"reference": HOSTILE, "custodian": HOSTILE, "verified_by": HOSTILE}
        if answer["na"]:
            answer["na"] |= {"reason": HOSTILE, "approved_by": HOSTILE}
    for one in data["snapshots"]:
        one |= {"title": HOSTILE, "by": HOSTILE}
    path = tmp_path / "hostile.csbp.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


# --- what it says ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_three_outputs_carry_the_same_figures(
    lang: str, catalogue_file: Path, catalogue: Catalogue, tmp_path: Path
) -> None:
    """Attainment of every chapter and the critical gaps are the same in the terminal, the page and the workbook."""
    page, book = tmp_path / "report.html", tmp_path / "report.xlsx"
    shown = run(catalogue_file, NORTH, "--lang", lang, "--html", page, "--xlsx", book)
    assert shown.exit_code == 0, shown.output
    result = read(open_file(NORTH), catalogue).result
    text = " ".join(html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False).itertext())
    sheet = openpyxl.load_workbook(book).worksheets[2]
    cells = {row[0].value.partition(" ")[0]: row[1].value for row in sheet.iter_rows(2, 4)}
    for total in (*result.chapters, *result.domains, result.overall):
        shape = f"{total.attainment:.1f}".replace(".", WORDS.words(lang)["numbers"]["decimal"])  # type: ignore[arg-type]
        assert shape in shown.output
        assert shape in text
        assert total.key not in cells or round(cells[total.key] * 100, 1) == total.attainment
    assert set(cells) == {total.key for total in result.chapters}
    for id_ in (*result.priorities, *result.strengths, *result.not_applicable, *result.unanswered):
        assert id_ in shown.output
        assert id_ in text


def test_the_report_names_everything_that_weakens_it(catalogue_file: Path) -> None:
    """Provisional stamp, overdue action, changed round, other edition, auditor, incomplete claims are said."""
    text = run(catalogue_file, NORTH, "--lang", "en").output
    for words in (
        "[PROVISIONAL]", "overdue on the review date", "No longer fits its fingerprint",
        "Other edition or other target", "Where the auditor differs (1): CC-05",
        "without reason or approver (1): PS-03",
        "Answers to requirements that this edition does not ask", "INTERPORTPOLICE decides", "are a proposal",
    ):  # fmt: skip
        assert words in re.sub(r"\s+", " ", text), words


def test_both_languages_come_from_the_same_answers(catalogue_file: Path, tmp_path: Path) -> None:
    """`--lang both` gives an English and a Spanish part, each marked with its language, with the same ids."""
    page = tmp_path / "report.html"
    assert run(catalogue_file, NORTH, "--lang", "both", "--html", page).exit_code == 0
    parts = html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False).findall(".//article")
    assert [part.get("lang") for part in parts] == ["en", "es"]
    ids = [sorted(re.findall(r"[A-Z]{2}-\d{2}", " ".join(part.itertext()))) for part in parts]
    assert ids[0] == ids[1]
    assert "Brechas críticas" in " ".join(parts[1].itertext())


@pytest.mark.parametrize(("lang", "said"), [("en", "on 3 May 2026"), ("es", "el 3 de mayo de 2026")])
@pytest.mark.parametrize("files", [(NORTH,), (NORTH, SOUTH)])
def test_what_is_out_of_step_is_said_in_every_output(
    files: tuple[Path, ...], lang: str, said: str, catalogue_file: Path, tmp_path: Path
) -> None:
    """A requirement, a title and the rules of which only the English moved are marked where they stand."""
    moved = {"state": "english_moved", "changed": {"en": "2026-05-03", "es": None}}
    data = json.loads(catalogue_file.read_text("utf-8"))
    assert said not in run(catalogue_file, *files, "--lang", lang).output
    shared = next(one for one in data["requirements"] if one["id"] == "IT-02")
    shared["behind"] = moved
    data["chapters"][0]["behind"] = moved
    data["behind"] = {"scoring": moved}
    marked, page, book = (tmp_path / name for name in ("catalogue.json", "report.html", "report.xlsx"))
    marked.write_text(json.dumps(data), encoding="utf-8")
    shown = run(marked, *files, "--lang", lang, "--html", page, "--xlsx", book).output
    text = " ".join(html5lib.parse(page.read_text("utf-8"), namespaceHTMLElements=False).itertext())
    cells = "\n".join(
        str(cell.value) for sheet in openpyxl.load_workbook(book) for row in sheet.iter_rows() for cell in row
    )
    name, method = data["chapters"][0]["title"][lang], WORDS.words(lang)["sections"]["method"]  # type: ignore[arg-type]
    for output in (shown, text, cells):
        plain_text = re.sub(r"\s+", " ", output)
        assert f"≠ {name}"[:20] in plain_text
        assert f"{name}: ≠" in plain_text
        assert f"{method}: ≠" in plain_text
        assert re.search(re.escape(shared["text"][lang]) + r" ≠ [^≠]*" + said, plain_text)


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_on_the_whole_guide_prints_well(browser: Browser, tmp_path: Path, lang: Lang, size: str) -> None:
    """All bars stand on one sheet with their heading, no head of a table stands alone, no code is divided."""
    guide = whole_guide()
    whole, page, paper = (tmp_path / name for name in ("catalogue.json", "report.html", "report.pdf"))
    whole.write_text(catalogue_json(guide, IN_STEP), encoding="utf-8")
    assert run(whole, NORTH, "--lang", lang, "--html", page).exit_code == 0
    tab = browser.new_page()
    tab.goto(page.as_uri())
    heads = tab.locator("table:has(caption):has(thead)").evaluate_all(
        "tables => tables.map(table => [table.caption, table.tHead, table.tBodies[0].rows[0].cells[0]]"
        ".map(part => part.innerText).join(' ').split(/\\s+/))"
    )
    tab.pdf(path=paper, format=size)
    tab.close()
    sheets = sheets_of(paper)
    words = WORDS.words(lang)["tables"]
    (bars,) = (n for n, sheet in enumerate(sheets) if f" {words['chapters']} {guide.chapters[0].code} " in sheet)
    assert words["chart_lines"].partition("{")[0].strip() in sheets[bars]
    assert sum(f"{c.code} {c.title[lang][:20]}" in sheets[bars] for c in guide.chapters) == len(guide.chapters)
    assert not [sheet for sheet in sheets if re.search(r"\b[A-Z]{2}- \d\d\b", sheet)]
    assert len(heads) > 5
    for begins in heads:  # a caption is not repeated with its head on the next sheet
        assert any(" ".join(begins) in sheet for sheet in sheets), begins


def test_without_a_language_the_file_decides(catalogue_file: Path) -> None:
    """A file written in Spanish gives a Spanish report."""
    assert "Informe de brechas" in run(catalogue_file, SOUTH).output


def test_a_comparison_warns_counts_and_follows_rounds(catalogue_file: Path) -> None:
    """Three files give cautions, shared weaknesses of the latest rounds, and what changed between rounds."""
    text = re.sub(r"\s+", " ", run(catalogue_file, SOUTH, LATER, NORTH, "--lang", "en").output)
    for words in (
        "The files have different targets; all are scored at level 3 here.",
        "Provisional: Example site North, 2026-06-30.",
        "With targets raised by the authority itself: Sitio de ejemplo Ñandú.",
        "Better (2): IT-02, IT-07", "Worse (1): CC-01", "New critical gaps (1): CC-01", "Shared weaknesses (6)",
    ):  # fmt: skip
        assert words in text, words


def test_the_order_of_files_does_not_matter(catalogue_file: Path) -> None:
    """A comparison lists by site and review date."""
    first = run(catalogue_file, NORTH, LATER, SOUTH, "--lang", "es").output
    assert first == run(catalogue_file, SOUTH, NORTH, LATER, "--lang", "es").output


def test_the_same_input_gives_the_same_bytes(catalogue_file: Path, tmp_path: Path) -> None:
    """Neither output holds the moment of its making."""
    made = []
    for name in ("a", "b"):
        page, book = tmp_path / f"{name}.html", tmp_path / f"{name}.xlsx"
        run(catalogue_file, NORTH, SOUTH, "--html", page, "--xlsx", book)
        made.append((page.read_bytes(), book.read_bytes()))
    assert made[0] == made[1]


def test_a_report_on_nothing_answered_is_still_a_report(catalogue: Catalogue, tmp_path: Path) -> None:
    """An untouched assessment: no answers, no risk, no site."""
    data = json.loads(NORTH.read_text("utf-8")) | {"answers": {}, "risk": {}, "snapshots": [], "site": "", "scope": ""}
    path = tmp_path / "new.csbp.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    outputs = Outputs(tmp_path / "new.html", tmp_path / "new.xlsx")
    text = "\n".join(report([path], catalogue, WORDS, languages=LANGUAGES, outputs=outputs))
    assert "(no name)" in text
    assert "0.0%" in text


# --- strangers ------------------------------------------------------------------------------------------------------


def test_hostile_text_stays_text_on_the_page(catalogue_file: Path, tmp_path: Path, browser: Browser) -> None:
    """No element, attribute, style or request comes from an answer, and nothing runs."""
    page_file = tmp_path / "report.html"
    assert run(catalogue_file, hostile(tmp_path), "--lang", "both", "--html", page_file).exit_code == 0
    clean = tmp_path / "clean.html"
    run(catalogue_file, NORTH, "--lang", "both", "--html", clean)
    tree = html5lib.parse(page_file.read_text("utf-8"), namespaceHTMLElements=False)
    assert {element.tag for element in tree.iter()} == {
        element.tag for element in html5lib.parse(clean.read_text("utf-8"), namespaceHTMLElements=False).iter()
    }
    assert not [element for element in tree.iter() if any(name in {"style", "onclick"} for name in element.attrib)]
    assert "{{ 7*7 }}" in " ".join(tree.itertext())
    events: list[str] = []
    page = browser.new_page()
    page.on("dialog", lambda dialog: events.append(dialog.message))
    page.on("request", lambda request: events.append(request.url))
    page.goto(page_file.as_uri())
    assert events == [page_file.as_uri()]
    assert page.evaluate("getComputedStyle(document.body).display") == "block"
    page.close()


def test_hostile_text_cannot_steer_the_terminal(catalogue_file: Path, tmp_path: Path) -> None:
    """No escape sequence, control character or direction mark reaches the screen."""
    text = run(catalogue_file, hostile(tmp_path)).output
    assert not set(text) & {"\x1b", "\x00", "\u202e", "\r"}


def test_the_workbook_holds_no_formula(catalogue_file: Path, tmp_path: Path) -> None:
    """Every cell is text, a number or a date; text that looks like a formula is marked as text for editing too."""
    path = tmp_path / "report.xlsx"
    assert run(catalogue_file, hostile(tmp_path), SOUTH, "--xlsx", path).exit_code == 0
    assert run(catalogue_file, hostile(tmp_path), "--lang", "both", "--xlsx", path).exit_code == 0
    book = openpyxl.load_workbook(path)
    seen = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n", "d"}, (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
                if isinstance(cell.value, str) and looks_like_formula(cell.value):
                    assert cell.quotePrefix, (sheet.title, cell.coordinate)
                    seen += 1
    assert seen > 20


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", " =1", "\t=1", "\n@a", "\u00a0-1"])
def test_formulas_are_recognised_behind_blanks(text: str) -> None:
    """What a spreadsheet might take for a formula is recognised; a plain text is not."""
    assert looks_like_formula(text)
    assert not looks_like_formula("Gate - north = open")


def test_plain_text_keeps_every_letter() -> None:
    """Accents, other scripts and emoji stay; controls, direction marks and non-characters go."""
    assert plain("Ñandú 港湾 🚢\n\t") == "Ñandú 港湾 🚢\n\t"
    assert plain("a\x00b\x1bc\u202ed\ufdd0e\uffffg\r\n") == "abcdeg\n"
    assert one_line(" a \n b ") == "a b"


# --- how it looks ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A report and a comparison, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for name, files in (("one", [NORTH]), ("several", [NORTH, LATER, SOUTH])):
        found[name] = folder / f"{name}.html"
        report(files, catalogue, WORDS, languages=LANGUAGES, outputs=Outputs(found[name]))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["one", "several"])
def test_the_page_has_no_accessibility_fault(name: str, scheme: Any, pages: dict[str, Path], browser: Browser) -> None:
    """axe-core finds nothing, in light and dark."""
    page = browser.new_page(color_scheme=scheme)
    page.goto(pages[name].as_uri())
    found = Axe().run(page).response["violations"]
    page.close()
    assert not found, [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("name", ["one", "several"])
def test_the_page_fits_a_small_screen(name: str, pages: dict[str, Path], browser: Browser) -> None:
    """At 320 px nothing makes the page wider; wide tables scroll inside."""
    page: Page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(pages[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.close()


@pytest.mark.parametrize("name", ["one", "several"])
def test_every_chart_has_a_table_with_the_same_figures(name: str, pages: dict[str, Path]) -> None:
    """Each number with a decimal in a chart stands in a table of the same part too."""
    tree = html5lib.parse(pages[name].read_text("utf-8"), namespaceHTMLElements=False)
    for part in tree.findall(".//article"):
        tables = " ".join(" ".join(table.itertext()) for table in part.iter("table"))
        charts = [element for element in part.iter() if str(element.tag).endswith("svg")]
        assert charts
        for chart in charts:
            assert chart.get("role") == "img"
            assert chart.get("aria-label")
            for figure in re.findall(r"\d+[.,]\d", " ".join(chart.itertext())):
                assert figure in tables


def test_the_page_needs_nothing_else(pages: dict[str, Path]) -> None:
    """No script, no outside address, no inline style; its own policy forbids all but its style sheet."""
    text = pages["one"].read_text("utf-8")
    assert "<script" not in text
    assert not re.search(r"""\b(src|href)="(?!#)""", text)
    assert " style=" not in text
    assert "default-src 'none'; style-src 'unsafe-inline'" in text


def test_lines_keep_to_the_width_of_the_terminal(catalogue: Catalogue) -> None:
    """Tables and wrapped text stay within 80 columns, also with wide characters in the site's name."""
    for line in report([NORTH, SOUTH], catalogue, WORDS, languages=LANGUAGES, width=80):
        assert columns(line) <= 100, line
    body = report([NORTH], catalogue, WORDS, languages=("en",), width=80)
    assert sum(columns(line) > 80 for line in body) <= 3


def test_every_word_of_the_report_is_used() -> None:
    """data/report.yml holds no word that neither a template nor the code asks for."""
    sources = [*(ROOT / "guide" / "report").glob("*.py"), *(ROOT / "guide" / "templates" / "report").glob("*")]
    text = "\n".join(path.read_text("utf-8") for path in sources)
    reasons = (ROOT / "guide" / "assessment_file.py").read_text("utf-8")
    groups = yaml.safe_load((ROOT / "data" / "report.yml").read_text("utf-8"))
    for group, words in groups.items():
        for word in words:
            name = str(word).replace("-", "_")
            used = f"{group}.{name}" in text or f'"{name}"' in text or f"'{name}'" in text or f'"{word}"' in reasons
            assert used or name.startswith("month_"), f"{group}.{word}"


# --- the command ----------------------------------------------------------------------------------------------------


def test_every_refused_file_is_named_at_once_and_nothing_is_written(catalogue_file: Path, tmp_path: Path) -> None:
    """Two bad files among three: two sentences in each language, exit code 1, no output."""
    empty, foreign, page = tmp_path / "empty.csbp.json", tmp_path / "foreign.csbp.json", tmp_path / "report.html"
    empty.write_text("")
    foreign.write_text("{}")
    shown = run(catalogue_file, NORTH, empty, foreign, "--html", page)
    assert shown.exit_code == 1
    assert shown.output.splitlines() == [
        "empty.csbp.json is empty.",
        "empty.csbp.json está vacío.",
        "foreign.csbp.json was not made by this guide's self-assessment.",
        "foreign.csbp.json no procede de la autoevaluación de esta guía.",
    ]
    assert not page.exists()


def test_a_library_caller_gets_every_refusal(catalogue: Catalogue, tmp_path: Path) -> None:
    """`report` raises one error that carries them all."""
    with pytest.raises(RefusedFilesError) as caught:
        report([tmp_path / "a.csbp.json", tmp_path / "b.csbp.json"], catalogue, WORDS)
    assert [one.file for one in caught.value.refusals] == ["a.csbp.json", "b.csbp.json"]


def test_an_output_that_cannot_be_written_is_named(catalogue_file: Path, tmp_path: Path) -> None:
    """A folder that is not there: a message, no traceback, no half-written file."""
    shown = run(catalogue_file, NORTH, "--html", tmp_path / "nowhere" / "report.html")
    assert shown.exit_code == 1
    assert "report.html" in shown.output
    assert "Traceback" not in shown.output


@pytest.mark.parametrize("content", [None, "{}", "no json"])
def test_a_catalogue_that_is_none_says_what_to_do(content: str | None, tmp_path: Path) -> None:
    """Missing or foreign catalogue: build again."""
    path = tmp_path / "catalogue.json"
    if content is not None:
        path.write_text(content)
    shown = run(path, NORTH)
    assert shown.exit_code == 1
    assert "guide build" in shown.output
