"""English and Spanish as confirmed pairs: tests/cases/translation/<what_it_shows>.yml.

The specimen is committed with every pair confirmed on 2026-11-01. A case gives a `change` (as in test_golden_cases.py),
committed on 2026-11-10 unless `committed: false`, and what is then said: `status` (pairs that are not in step),
`notices` and `problems` of `guide check`, `release` (what more a release wants), `confirm` (a pair, and lines that
`guide confirm` shows of it), `reader` (language -> pair -> note), `fixed` (the problems after `guide fix`), and
`history: false` for a checkout without any, `shallow` for one with the last commit only.
"""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from guide.__main__ import main
from guide.building import build_site
from guide.checking import check, findings
from guide.confirmations import FILE, read_confirmed
from guide.confirming import status_rows
from guide.content import Content
from guide.mending import mend
from guide.model import LANGUAGES, Lang
from guide.problems import Stop
from tests.confirmed import confirm_everything
from tests.conftest import ROOT, copy_specimen
from tests.repository import commit, git
from tests.test_golden_cases import damage

CASES = sorted((Path(__file__).parent / "cases" / "translation").glob("*.yml"))
CONFIRMED_ON = datetime.date(2026, 11, 1)


@pytest.fixture(autouse=True)
def without_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules about words have cases of their own."""
    monkeypatch.setattr("guide.checking.WORDING", ())


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The specimen with a history and every pair confirmed, made once."""
    root = copy_specimen(tmp_path_factory.mktemp("repository") / "guide")
    shutil.copy(Path(__file__).parent.parent / ".gitattributes", root)
    (root / "mkdocs.yml").write_text("site_name: specimen\n", encoding="utf-8")
    confirm_everything(root, CONFIRMED_ON)
    commit(root, "Everything confirmed", CONFIRMED_ON.isoformat())
    return root


@pytest.fixture
def confirmed(repository: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(repository, tmp_path / "guide"))


def guide(root: Path, monkeypatch: pytest.MonkeyPatch, *words: str, answer: str = "") -> str:
    """What the command prints in `root`."""
    monkeypatch.chdir(root)
    return CliRunner().invoke(main, words, input=answer, catch_exceptions=False).output


def prepare(root: Path, told: dict[str, Any], tmp_path: Path) -> Path:
    """The specimen after the case's change, with the history that the case allows."""
    for change in told["change"]:
        damage(root, change)
    if told.get("committed", True):
        commit(root, "The change", "2026-11-10")
    if told.get("history") is False:
        shutil.rmtree(root / ".git")
    if told.get("history") == "shallow":
        copy = tmp_path / "shallow"
        git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(copy))
        return copy
    return root


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_what_an_editor_is_told(case: Path, confirmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each change gives exactly the state, the notices, the problems and the reader's notes written in its case."""
    told = yaml.safe_load(case.read_text(encoding="utf-8"))
    root = prepare(confirmed, told, tmp_path)
    found, content = findings(root), Content(root)
    rows = status_rows(content.pairs.values())
    ordinary = {str(problem) for problem in found.problems}
    shown = guide(root, monkeypatch, "confirm", told["confirm"]["pair"], answer="n\n") if "confirm" in told else ""
    assert {
        "status": {row["item"]: f"{row['state']}; follows: {row['follow'] or '-'}" for row in rows},
        "notices": [str(notice) for notice in found.notices],
        "problems": [str(problem) for problem in found.problems],
        "release": [p for problem in check(root, release=True) if (p := str(problem)) not in ordinary],
        "confirm": [line for line in told.get("confirm", {}).get("shows", []) if line not in shown],
        "reader": {
            lang: {item: str(renderer.behind(item)) for item in told.get("reader", {}).get(lang, {})}
            for lang, renderer in content.renderers().items()
            if told.get("reader", {}).get(lang)
        },
    } == {
        "status": told.get("status", {}),
        "notices": told.get("notices", []),
        "problems": told.get("problems", []),
        "release": told.get("release", []),
        "confirm": [],
        "reader": {
            lang: {item: _as_note(words) for item, words in notes.items()}
            for lang, notes in told.get("reader", {}).items()
        },
    }
    if "fixed" in told:
        mend(root)
        assert [str(problem) for problem in check(root)] == told["fixed"]


def _as_note(words: str) -> str:
    return f'<div class="admonition note translation-note"><p>{words}</p></div>' if words else ""


def test_confirming_closes_a_pair(confirmed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a change on both sides and `guide confirm`, nothing is out of step and only that line changed."""
    path = confirmed / "data/checklists/insider-threat.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("leaving day", "last day").replace("el día de la baja", "el último día"), "utf-8")
    before = (confirmed / FILE).read_text(encoding="utf-8").splitlines()
    said = guide(confirmed, monkeypatch, "confirm", "IT-02", answer="y\n")
    after = (confirmed / FILE).read_text(encoding="utf-8").splitlines()
    assert "1 confirmed" in said
    assert [row.split("\t")[0] for row in set(after) - set(before)] == ["IT-02"]
    assert guide(confirmed, monkeypatch, "status").endswith(" in step.\n")


def test_answering_no_confirms_nothing(confirmed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking at a pair leaves data/confirmed.tsv as it was."""
    before = (confirmed / FILE).read_bytes()
    assert "0 confirmed" in guide(confirmed, monkeypatch, "confirm", "IT-01", answer="n\n")
    assert (confirmed / FILE).read_bytes() == before


@pytest.mark.parametrize(("words", "said"), [
    (("confirm",), "or write --all"),
    (("confirm", "--al"), "No such option"),
    (("confirm", "--all", "IT-01"), "or write --all"),
    (("confirm", "IT-1"), "Did you mean: IT-01"),
    (("confirm", "insider-threat.md#in-bref"), "chapters/insider-threat.md#in-brief"),
])  # fmt: skip
def test_a_slip_of_the_hand_confirms_nothing(
    words: tuple[str, ...], said: str, confirmed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is confirmed only by --all in full, and an unknown name is answered with the nearest ones."""
    before = (confirmed / FILE).read_bytes()
    assert said in guide(confirmed, monkeypatch, *words)
    assert (confirmed / FILE).read_bytes() == before


def test_confirming_everything_is_asked_once_and_leaves_what_a_release_waits_for(
    confirmed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--all says how many pairs it stamps unseen; an essential requirement and the scoring are shown by name first."""
    for file, old, new in (
        ("data/checklists/insider-threat.yml", "es: Una persona designada", "es: Ninguna persona"),
        ("data/checklists/insider-threat.yml", "es: El acceso termina", "es: El acceso no termina"),
        ("data/scoring.yml", "es: No existe nada", "es: Existe todo"),
    ):
        damage(confirmed, {"file": file, "replace": old, "by": new})
    before = (confirmed / FILE).read_bytes()
    said = guide(confirmed, monkeypatch, "confirm", "--all", answer="n\n")
    assert "Has somebody compared both languages of all 1 pairs?" in said
    assert (confirmed / FILE).read_bytes() == before
    said = guide(confirmed, monkeypatch, "confirm", "--all", answer="y\n")
    assert "1 confirmed" in said
    assert [line for line in said.splitlines() if "a release waits for it" in line] == [
        f"{item} is not among them: a release waits for it, so `guide confirm {item}` shows it."
        for item in ("IT-01", "scoring")
    ]
    assert [row["item"] for row in status_rows(Content(confirmed).pairs.values())] == ["IT-01", "scoring"]


def test_a_text_that_was_confirmed_and_changed_before_it_was_committed_is_still_compared(
    confirmed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was confirmed stands in no commit: the commit that brought the confirmation is the next best, and named."""
    file = "data/scoring.yml"
    damage(confirmed, {"file": file, "replace": "es: No existe nada", "by": "es: Hoy no existe nada"})
    guide(confirmed, monkeypatch, "confirm", "scoring", "--yes")
    damage(confirmed, {"file": file, "replace": "es: Hoy no existe nada", "by": "es: Aún no existe nada"})
    commit(confirmed, "Confirmed, and changed again", "2026-11-12")
    damage(confirmed, {"file": file, "replace": "es: Aún no existe nada", "by": "es: Existe todo"})
    said = guide(confirmed, monkeypatch, "confirm", "scoring", answer="n\n").splitlines()
    assert (
        "  What was confirmed was never committed; this is compared with the commit of 2026-11-12 that brought the "
        "confirmation:" in said
    )
    assert "  - Aún no existe nada, o solo una intención." in said
    assert "  + Existe todo, o solo una intención." in said
    assert len(said) < 20


def test_what_two_people_confirm_merges_cleanly(confirmed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbouring lines confirmed on two branches merge without a conflict; both pairs are in step, also after fix."""
    path = confirmed / "data/checklists/insider-threat.yml"
    text = path.read_text(encoding="utf-8")
    changes = [("one", "one owner", "an owner", "IT-01"), ("two", "rights are", "rights stay", "IT-02")]
    for branch, old, new, item in changes:
        git(confirmed, "checkout", "-q", "-b", branch, "main")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        guide(confirmed, monkeypatch, "confirm", item, "--yes")
        commit(confirmed, f"{item} reworded", "2026-11-20")
    git(confirmed, "merge", "-q", "--no-edit", "one")
    assert status_rows(Content(confirmed).pairs.values()) == []
    mend(confirmed)
    assert check(confirmed) == []
    assert {len(said) for said in read_confirmed(confirmed).values()} == {1}


def test_status_says_the_same_to_people_and_to_programs(confirmed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table and --json name the pair, which side moved, who should follow and where it stands."""
    damage(confirmed, {"file": "docs/es/index.md", "replace": "# ", "by": "# Hoy, "})
    rows = yaml.safe_load(guide(confirmed, monkeypatch, "status", "--json"))
    table = guide(confirmed, monkeypatch, "status")
    assert [(row["item"], row["state"], row["follow"]) for row in rows] == [
        ("index.md#top", "Spanish moved", "English")
    ]
    assert all(word in table for row in rows for word in row.values())


def test_nothing_confirmed_at_all_is_one_notice(specimen: Path) -> None:
    """A guide that begins is not flooded: one line says how many pairs wait. Readers see the mark on every text."""
    content = Content(specimen)
    assert len(findings(specimen).notices) == 1
    assert all(content.behind[lang].keys() == content.pairs.keys() for lang in LANGUAGES)


def test_what_members_get_is_not_built_with_an_essential_requirement_out_of_step(confirmed: Path) -> None:
    """`make site` stops where one side of an essential requirement moved alone, and nothing is written."""
    file = confirmed / "data" / "checklists" / "insider-threat.yml"
    text = file.read_text("utf-8")
    assert "es: Una persona designada" in text
    file.write_text(text.replace("es: Una persona designada", "es: Ninguna persona designada"), encoding="utf-8")
    with pytest.raises(Stop) as stopped:
        build_site(confirmed, html_only=False, say=print)
    assert "IT-01" in {problem.id for problem in stopped.value.problems}
    assert not (confirmed / "build").exists()


MOVED = {
    "case:I15": ("data/cases.yml", "case"),
    "term:insider": ("data/glossary.yml", "term"),
    "reference:cap-1223": ("data/references.yml", "reference"),
    "training:IT#objectives": ("data/training/insider-threat.yml", "training"),
    "chapter:IT": ("data/chapters.yml", "chapter"),
}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("item", MOVED)
def test_every_kind_of_text_carries_its_mark_where_it_is_read(confirmed: Path, item: str, lang: Lang) -> None:
    """A case, a term, a document, a session or a purpose whose English moved alone says so in both languages."""
    content = Content(confirmed)
    place = content.pairs[item].places["en"]
    file = confirmed / place.file
    rows = file.read_text("utf-8").splitlines(keepends=True)
    at = next(n for n, row in enumerate(rows[place.line - 1 :], place.line - 1) if re.search(r"\ben: ", row))
    rows[at] = re.sub(r"\ben: (\"?)", r"en: \1Never ", rows[at], count=1)
    file.write_text("".join(rows), encoding="utf-8")
    content = Content(confirmed)
    assert content.pairs[item].behind, rows[at]
    renderer = content.renderers()[lang]
    name = item.partition(":")[2].partition("#")[0]
    shown = {
        "case": lambda: renderer.case(name, "") + renderer.case_list(""),
        "term": lambda: renderer.term(name, None, "", 1) + renderer.glossary_list(""),
        "reference": lambda: renderer.reference_list(""),
        "training": lambda: renderer.training(name, ""),
        "chapter": lambda: renderer.card(content.guide.chapter(name), "", ()),
    }[MOVED[item][1]]()
    assert renderer.words["translation"]["english_moved"] in shown


@pytest.mark.parametrize(
    "files",
    [
        ["data/training/insider-threat.yml"],
        ["data/checklists/insider-threat.yml"],
        ["data/figures/four-ps.yml"],
        ["docs/en/chapters/insider-threat.md", "docs/es/chapters/insider-threat.md"],
    ],
    ids=lambda files: files[0],
)
def test_what_was_confirmed_of_a_missing_file_is_kept(confirmed: Path, files: list[str]) -> None:
    """`make fix` deletes no line of a file that is away, so that nothing is lost when it is brought back."""
    before = read_confirmed(confirmed)
    shutil.copy(ROOT / "data/figures/psems-cycle.yml", confirmed / "data/figures")  # the folder may not be empty
    for file in files:
        (confirmed / file).unlink()
    mend(confirmed)
    assert read_confirmed(confirmed) == before
    assert [problem for problem in check(confirmed) if problem.file in {FILE, "data/ids.txt"}] == []
    assert check(confirmed)


def test_a_group_of_words_that_the_program_asks_for_is_missed(confirmed: Path) -> None:
    """No command lets its line go: whoever took the group out, or renamed it, is told to bring it back."""
    for old, new in (("\ntrend:\n", "\ntrends:\n"), ("\nplanner:\n", "\nplan:\n")):
        for name in ("report", "interface"):
            file = confirmed / f"data/{name}.yml"
            file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
    for step in ("before", "after make fix"):
        missed = {problem.id for problem in check(confirmed) if problem.file == FILE and not problem.fixable}
        assert missed == {"report:trend", "interface:planner"}, step
        mend(confirmed)


def test_an_image_drawn_anew_on_one_side_moves_the_section_that_shows_it(confirmed: Path) -> None:
    """Its words may say something else now; the other side and the other sections are as they were."""
    for lang in LANGUAGES:
        (confirmed / f"docs/{lang}/gate.svg").write_text("<svg/>", encoding="utf-8")
        page = confirmed / f"docs/{lang}/chapters/insider-threat.md"
        text = page.read_text("utf-8").replace("{#second-practice}\n", "{#second-practice}\n\n![A](../gate.svg)\n", 1)
        page.write_text(text, encoding="utf-8")
    confirm_everything(confirmed)
    assert status_rows(Content(confirmed).pairs.values()) == []
    (confirmed / "docs/es/gate.svg").write_text("<svg><text>No</text></svg>", encoding="utf-8")
    told = {row["item"]: row["state"] for row in status_rows(Content(confirmed).pairs.values())}
    assert told == {"chapters/insider-threat.md#second-practice": "Spanish moved"}
