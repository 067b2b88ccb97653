"""The printed documents, opened and read as a reader, a printer or a screen reader would."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader
from pyzbar.pyzbar import decode

from guide.guide import Guide
from guide.marks import IN_STEP
from guide.paper.documents import Stack, documents, session
from guide.paper.printing import print_all
from tests.conftest import shared
from tests.printed import articles, pages, silence, structure, text, whole_guide, word_places

SIZES = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
KINDS = ("insider-threat.pdf", "insider-threat-worksheet.pdf", "insider-threat-training.pdf", "guide.pdf")


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The guide's data."""
    return whole_guide()


@pytest.fixture(scope="module")
def stack(guide: Guide) -> Stack:
    """Everything that there is of two chapters."""
    return documents(guide, articles(guide, "IT", "PO"), IN_STEP)


@pytest.fixture(scope="module")
def paper(guide: Guide, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of one chapter, of the other what the book needs, and a session about both; printed once a run."""
    printed = tuple(one for one in stack.documents if one.kind in {"book", "handout"} or one.codes == ("IT",))
    chapters = (guide.chapter("PO"), guide.chapter("IT"))
    with shared(tmp_path_factory, "paper") as folder:
        for one in (replace(stack, documents=printed), session(guide, IN_STEP, chapters, "es", ("letter",))):
            store = folder / f"store of {one.documents[0].name}"
            assert print_all(one, folder / "out", store, silence)[1] == []
    return folder / "out"


@cache
def opened(path: Path) -> PdfReader:
    """A PDF, read once for all tests."""
    return PdfReader(path)


def every(folder: Path) -> list[Path]:
    """Every PDF below a folder."""
    found = sorted(folder.rglob("*.pdf"))
    assert found
    return found


def one_of_each(folder: Path) -> list[Path]:
    """Every document on one size of paper: the other is the same file with another edge."""
    found = {path.relative_to(folder).parts[0] + path.name: path for path in reversed(every(folder))}
    assert {path.parent.name for path in found.values()} == set(SIZES)
    return list(found.values())


def about(path: Path, *options: str) -> str:
    """What a PDF tells of itself."""
    return subprocess.run(["pdfinfo", *options, path], check=True, capture_output=True, text=True).stdout


def test_every_document_is_there_in_both_languages_and_sizes(paper: Path, stack: Stack) -> None:
    """Handout, worksheet, fillable worksheet, training pack, bilingual worksheet, book, and the session."""
    slugs = ("insider-threat", "portals-and-communication")
    ends = (".pdf", "-worksheet.pdf", "-worksheet-fillable.pdf", "-training.pdf")
    places = [f"{lang}/{size}" for lang in ("en", "es") for size in SIZES]
    expected = {f"{place}/{slug}{end}" for place in places for slug in slugs for end in ends}
    expected |= {f"{place}/guide.pdf" for place in places}
    expected |= {f"bilingual/{size}/{slug}-worksheet.pdf" for size in SIZES for slug in slugs}
    assert {file.path for document in stack.documents for file in document.files} == expected
    sheets = {path for path in expected if f"{slugs[1]}-" in path}
    there = {path.relative_to(paper).as_posix() for path in every(paper)}
    assert there == expected - sheets | {"es/letter/session-po-it.pdf"}


def test_pages_have_the_size_of_their_folder(paper: Path) -> None:
    """A4 is A4 and Letter is Letter, on every page."""
    for path in every(paper):
        told = about(path, "-box", "-l", "-1")
        edges = re.findall(r"^Page +\d+ MediaBox: +(\S+) +(\S+) +(\S+) +(\S+)$", told, re.MULTILINE)
        assert f"Pages: {len(edges)}\n" in re.sub(" +", " ", told)
        for left, below, right, above in (map(float, edge) for edge in edges):
            assert (right - left, above - below) == pytest.approx(SIZES[path.parent.name], abs=0.5)


def test_page_seven_is_page_seven_on_both_papers(paper: Path) -> None:
    """In a room with both sizes everybody finds the same words on the same page."""
    for name in KINDS:
        assert pages(paper / "es" / "a4" / name) == pages(paper / "es" / "letter" / name)


def test_nothing_stands_outside_the_sheet(paper: Path) -> None:
    """On both sizes every word keeps 10 mm from the edge, where printers do not print."""
    for path in (paper / "es" / size / name for size in SIZES for name in KINDS):
        for word in word_places(path):
            beside = min(word.left, word.page_width - word.right)
            above = min(word.top, word.page_height - word.bottom)
            assert min(beside, above) >= 28, f"{path.name}: {word}"


def test_language_title_and_outline_are_told(paper: Path) -> None:
    """A screen reader knows the language, a window shows the title, and the outline has headings."""
    for path in one_of_each(paper):
        reader = opened(path)
        root: Any = reader.trailer["/Root"]
        assert root["/Lang"] == (path.parts[-3] if path.parts[-3] != "bilingual" else "en")
        assert reader.metadata is not None
        assert reader.metadata.title
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert reader.outline


def test_documents_are_tagged_and_only_those_without_fields_claim_it(paper: Path) -> None:
    """Every PDF has a tag tree; PDF/UA is claimed except where form fields stand."""
    for path in every(paper):
        assert re.search("^Tagged: +yes$", about(path), re.MULTILINE), path.name
        assert ("pdfuaid:part" in about(path, "-meta")) is ("fillable" not in path.name), path.name
    for path in one_of_each(paper):
        assert "/StructTreeRoot" in opened(path).trailer["/Root"]


def test_tags_name_headings_lists_header_cells_and_drawings(paper: Path) -> None:
    """A handout has headings, lists, header cells, and a figure told in words."""
    tags = structure(opened(paper / "en" / "a4" / "insider-threat.pdf"))
    kinds = [str(tag.get("/S", "")) for tag in tags]
    assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure"} <= set(kinds)
    assert kinds.count("/H1") == 1
    figures = [tag for tag in tags if tag.get("/S") == "/Figure"]
    assert all(tag.get("/Alt") for tag in figures)
    assert any(len(str(tag["/Alt"])) > 60 for tag in figures)


def test_only_fonts_of_the_guide_are_used_and_embedded(paper: Path) -> None:
    """No page depends on what a machine has installed."""
    for path in every(paper):
        listed = subprocess.run(["pdffonts", path], check=True, capture_output=True, text=True).stdout.splitlines()[2:]
        assert listed
        for line in listed:
            assert "Guide" in line.split()[0], f"{path.name}: {line}"
            assert line.split()[-5] == "yes", f"{path.name}: {line}"


def test_every_page_says_what_it_is(paper: Path, guide: Guide) -> None:
    """Page x of y, edition, marking and "uncontrolled when printed" stand on every page but the cover."""
    for name in KINDS:
        shown = pages(paper / "en" / "letter" / name)
        for number, page in enumerate(shown, 1):
            if name == "guide.pdf" and number == 1:
                continue
            assert f"{number} / {len(shown)}" in page
            assert guide.edition.marking.en in page
            assert guide.edition.edition in page
            assert "Uncontrolled when printed" in page


def test_the_qr_code_leads_to_the_page_online(paper: Path, guide: Guide, tmp_path: Path) -> None:
    """A telephone reads the address of the chapter in the document's language from a grey print."""
    for lang, path in (("en", ""), ("es", "es/")):
        subprocess.run(
            ["pdftoppm", "-gray", "-r", "110", "-l", "1", "-singlefile", "-png",
             paper / lang / "letter" / "insider-threat-worksheet.pdf", tmp_path / lang], check=True,
        )  # fmt: skip
        (code,) = decode(Image.open(tmp_path / f"{lang}.png"))
        assert code.data.decode() == f"{guide.edition.site_url}{path}chapters/insider-threat/"


@pytest.mark.parametrize("name", ["insider-threat-worksheet.pdf", "insider-threat-worksheet-fillable.pdf"])
def test_each_requirement_stands_once_on_the_worksheet(paper: Path, guide: Guide, name: str) -> None:
    """With its code and check character."""
    for lang in ("en", "es"):
        shown = text(paper / lang / "a4" / name)
        for requirement in guide.in_force("IT"):
            assert shown.count(" ".join(requirement.text[lang].split())) == 1, requirement.id
            assert shown.count(f"{requirement.id.replace('-', '')} ") >= 1


def test_each_requirement_stands_in_both_languages_on_the_bilingual_worksheet(paper: Path, guide: Guide) -> None:
    """English and Spanish share a row: the two begin at the same height in two columns."""
    path = paper / "bilingual" / "a4" / "insider-threat-worksheet.pdf"
    shown = text(path)
    for requirement in guide.in_force("IT"):
        assert shown.count(" ".join(requirement.text.en.split())) == 1
        assert shown.count(" ".join(requirement.text.es.split())) == 1


def test_each_page_of_a_worksheet_can_be_attributed(paper: Path, guide: Guide) -> None:
    """Site and date are asked in the head of every page but the first, where a table asks for them, and who checked."""
    for lang in ("en", "es"):
        words = guide.interface.words(lang)["paper"]
        first, *others = pages(paper / lang / "a4" / "insider-threat-worksheet.pdf")
        assert words["authority"] in first
        assert words["verified"] in first
        assert others
        assert all(re.search(rf"{words['site']} _+ {words['date']} _+", page) for page in others)


def test_the_bilingual_worksheet_speaks_both_languages_and_says_which(paper: Path, guide: Guide) -> None:
    """Edition, notes, weights, marking and address stand in both, and the tags tell a screen reader the language."""
    path = paper / "bilingual" / "letter" / "insider-threat-worksheet.pdf"
    first = pages(path)[0]
    weight = f"w{guide.in_force('IT')[0].weight.value}"
    for lang, below in (("en", ""), ("es", "es/")):
        words = guide.interface.words(lang)  # type: ignore[arg-type]
        entry = words["paper"]["entry"].partition("{")[0].strip()
        for said in (words["paper"]["printed_from"], words["paper"]["valid_until"], entry, words["weights"][weight]):
            assert said in first, said
        assert guide.edition.marking[lang] in first  # type: ignore[index]
        assert words["paper"]["uncontrolled"] in first
        assert f"{guide.edition.site_url}{below}chapters/insider-threat/" in first
    told = [str(tag["/Lang"]) for tag in structure(opened(path)) if "/Lang" in tag]
    assert min(told.count("en"), told.count("es")) > 2 * len(guide.in_force("IT"))
    sheet = opened(paper / "es" / "a4" / "insider-threat-worksheet.pdf")
    assert not [tag for tag in structure(sheet) if "/Lang" in tag]


def test_the_fillable_worksheet_has_a_named_field_for_each_answer(paper: Path, guide: Guide) -> None:
    """Six boxes and four lines for each requirement, four lines at the head; each field tells what it is for, and there
    is room to write: 7 mm below the label."""
    fields = opened(paper / "es" / "a4" / "insider-threat-worksheet-fillable.pdf").get_fields() or {}
    asked = guide.in_force("IT")
    assert len(fields) == 4 + 10 * len(asked)
    assert sum(field["/FT"] == "/Btn" for field in fields.values()) == 6 * len(asked)
    assert fields["IT-04-evidence"]["/TU"].startswith("IT-04: Evidencia")
    assert fields["IT-04-3"]["/TU"] == "IT-04: Nivel 3"
    for page in opened(paper / "es" / "a4" / "insider-threat-worksheet-fillable.pdf").pages:
        for field in (annotation.get_object() for annotation in page.get("/Annots", [])):
            if field.get("/FT") == "/Tx":
                assert abs(float(field["/Rect"][3]) - float(field["/Rect"][1])) >= 19.8
    assert not opened(paper / "es" / "a4" / "insider-threat-worksheet.pdf").get_fields()


def test_rows_are_not_split_between_pages(paper: Path, guide: Guide) -> None:
    """The code, the text and the last line of a requirement stand on the same page of the worksheet."""
    shown = pages(paper / "en" / "a4" / "insider-threat-worksheet.pdf")
    for page in shown:
        assert (
            page.count("Evidence: title")
            == page.count("Owner")
            == page.count("N/A") - page.count("N/A needs") - (page.count("N/A not applicable"))
        )
        if "Evidence: title" in page:
            assert "Code Requirement Level" in page


def test_answers_stay_with_the_facilitator(paper: Path, guide: Guide) -> None:
    """Notes, "listen for" and quiz answers stand on pages marked as the facilitator's, and nowhere else."""
    for name in ("insider-threat-training.pdf", "session-po-it.pdf"):
        path = paper / "es" / "letter" / name
        training = guide.training["IT"]
        for page in pages(path):
            secret = [training.quiz[0].reason.es, training.discussion[0].notes.es, "Respuestas del cuestionario"]
            if any(" ".join(words.split()) in page for words in secret):
                assert "Ejemplar del facilitador" in page
                assert "Ejemplar del participante" not in page


def test_cards_are_cut_six_to_a_page(paper: Path, guide: Guide) -> None:
    """Each message stands on one card; spare cards fill the last page."""
    shown = [page for page in pages(paper / "en" / "a4" / "insider-threat-training.pdf") if "EXERCISE EXERCISE" in page]
    assert [page.count("EXERCISE EXERCISE EXERCISE") for page in shown] == [6] * len(shown)
    for inject in guide.training["IT"].tabletop.injects:
        assert sum(" ".join(inject.message.en.split()) in page for page in shown) == 1


def test_the_tally_of_a_chapter_fits_on_one_page(paper: Path, guide: Guide) -> None:
    """The room votes on one sheet, even for the chapter with the most requirements."""
    assert len(guide.in_force("IT")) == max(len(guide.in_force(chapter.code)) for chapter in guide.chapters)
    for lang, title in (("en", "Hand-vote tally"), ("es", "Recuento a mano alzada")):
        shown = pages(paper / lang / "a4" / "insider-threat-training.pdf")
        assert sum(f": {title}" in page or page.startswith(title) or f" {title} " in page for page in shown) == 1


def test_a_session_pack_holds_what_each_chapter_needs(paper: Path, guide: Guide) -> None:
    """One agenda over the chapters in the order asked, one sign-in sheet, then the sheets of each chapter."""
    shown = pages(paper / "es" / "letter" / "session-po-it.pdf")
    whole = " ".join(shown)
    assert whole.index("PO Portales y comunicación") < whole.index("IT Amenaza interna")
    assert "1:57–2:00" in whole.replace(" ", "") or "2:00" in whole
    assert sum("Hoja de asistencia" in page and "Firma" in page for page in shown) == 1
    for code in ("PO", "IT"):
        title = guide.chapter(code).title.es
        for part in ("Cuestionario", "Seguimiento", "Recuento a mano alzada"):
            assert f"{title}: {part}" in whole


def test_the_book_says_on_which_page_things_stand(paper: Path, guide: Guide) -> None:
    """Contents and index give the page where the chapter begins and where the requirement stands."""
    shown = pages(paper / "en" / "a4" / "guide.pdf")
    contents = next(page for page in shown if "Contents" in page)
    first = next(number for number, page in enumerate(shown, 1) if "CHAPTER 11" in page)
    assert f"{first}" in contents.split("Insider Threat")[1].split("Portals")[0]
    stands = next(number for number, page in enumerate(shown, 1) if re.search("IT-04 (Essential|Important)", page))
    index = " ".join(page for page in shown if "Code Requirement Page" in page)
    assert f"{' '.join(guide.requirements['IT-04'].text.en.split())} {stands}" in index


def test_links_of_the_book_stay_in_the_book(paper: Path) -> None:
    """A link to a chapter that is in the book leads to its page; every inner link has a target."""
    reader = opened(paper / "en" / "a4" / "guide.pdf")
    known = set(reader.named_destinations)
    inner = outer = 0
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            if "/Dest" in link:
                assert str(link["/Dest"]) in known
                inner += 1
            elif "/A" in link:
                assert "chapters/insider-threat/#" not in str(link["/A"].get("/URI", ""))
                outer += 1
    assert inner > 30
    assert outer


def test_terms_explained_on_demand_are_explained_at_the_end(paper: Path, guide: Guide) -> None:
    """Paper has no pop-ups: the terms that the page explains stand in a list of their own."""
    shown = text(paper / "en" / "a4" / "insider-threat.pdf")
    assert "Terms in this chapter" in shown
    assert shown.count(" ".join(guide.terms["port-facility-security-officer"].definition.en.split())) == 1
