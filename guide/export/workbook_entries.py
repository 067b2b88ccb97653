"""The sheets of the workbook in which something is read or entered: instructions, start, requirements, guidance.

Enters: a Book and the places of the requirements. Leaves: the sheets, with open cells, lists and messages.
"""

from __future__ import annotations

from collections.abc import Sequence

from guide.dates import in_words
from guide.export.workbook_cells import Book, Cell, Sheet, quoted
from guide.export.workbook_formulas import answer_results
from guide.export.workbook_layout import (
    FIRST_RISK_ROW,
    FIRST_ROW,
    INPUTS,
    REQUIREMENT_COLUMNS,
    REQUIREMENT_WIDTHS,
    REVIEW_DATE,
    TARGET,
    Place,
)
from guide.export.workbook_steps import finding_words
from guide.model import Chapter

STEPS = range(1, 8)
PAGE_WIDTH = 95
"""Width of the instructions, in characters."""
LEAST_LINES = 3
"""Height of a row for answers: the longest message beside it needs three lines."""


def add_instructions(book: Book) -> None:
    """What the workbook is, how it is used and how it scores."""
    words, rules, lang = book.words, book.guide.scoring, book.lang
    edition, everywhere = book.guide.edition, book.all_words
    sheet = book.sheet("instructions", [PAGE_WIDTH], portrait=True)
    until = in_words(edition.valid_until, everywhere["dates"])
    lines: list[tuple[str, str]] = [
        (f"{everywhere['site']['name']}: {words['title']}", "title"),
        (f"{everywhere['site']['edition']} {edition.edition}. {everywhere['paper']['valid_until']} {until}.", "prose"),
        (edition.marking[lang], "warning"),
        (book.notice, "prose"),
        (edition.status[lang], "prose"),
        ("", "prose"),
        (words["steps"], "section"),
        *((f"{number}. {words[f'step_{number}']}", "prose") for number in STEPS),
        ("", "prose"),
        (words["how_scored"], "section"),
        *((said, "prose") for said in [book.mark("scoring")] if said),
        *((f"{step.level}  {step.label[lang]}: {step.test[lang]}", "prose") for step in reversed(rules.levels)),
        (f"N/A  {rules.not_applicable.label[lang]}: {rules.not_applicable.test[lang]}", "prose"),
        *(
            (text[lang], "prose")
            for text in (
                rules.evidence.rule, rules.not_applicable.rule, rules.score.attainment.rule, rules.own_target.rule,
                rules.risk.rule, rules.priority.rule, rules.bands.rule, rules.proposal, rules.indication,
            )
        ),
        ("", "prose"),
        (words["limits"], "section"),
        *((text[lang], "prose") for text in rules.limits),
        (everywhere["checklist"]["targets"], "prose"),
        ("", "prose"),
        (words["handling"], "section"),
        (rules.evidence.pointer[lang], "prose"),
        (rules.confidentiality[lang], "prose"),
    ]  # fmt: skip
    for row, (text, form) in enumerate(lines, 1):
        sheet.text(f"A{row}", text, form)
        if form == "prose":
            sheet.fit(row, {"A": text})
    sheet.raw.fit_to_pages(1, 0)


def add_start(book: Book, chapters: Sequence[Chapter]) -> dict[str, str]:
    """Site, date, target and local risk. Returns the cell with the risk in use of each chapter, by code."""
    words, rules = book.words, book.guide.scoring
    error = (words["entry_error"], words["list_error"])
    sheet = book.sheet("start", [46, 42, 12, 24], portrait=True)
    name = book.sheet_name("start")
    sheet.text("A1", words["sheet_start"], "title")
    sheet.wide("A2", "D2", book.notice)
    for row, key in enumerate(("site", "scope", "assessors"), 4):
        sheet.text(f"A{row}", words[key], "label")
        sheet.open(f"B{row}", f"B{row}")
    sheet.text("A7", words["review_date"], "label")
    sheet.open(REVIEW_DATE, REVIEW_DATE, "input-day")
    date_error = (words["entry_error"], words["date_error"])
    sheet.days(REVIEW_DATE, REVIEW_DATE, words["review_date"], words["review_date_hint"], date_error)
    sheet.text("A8", words["target"], "label")
    default = next(target for target in rules.targets if target.default)
    sheet.text(TARGET, default.label[book.lang], "input")
    sheet.choice(TARGET, TARGET, "TargetLabels", words["target"], words["target_hint"], error)
    warn(book, sheet, "A9")
    book.name("ReviewDate", name, REVIEW_DATE)
    for column, key in zip("ABCD", ("chapter", "domain", "risk", "risk_used"), strict=True):
        sheet.text(f"{column}{FIRST_RISK_ROW - 1}", words[key], "head-input" if key == "risk" else "head")
    last = FIRST_RISK_ROW + len(chapters) - 1
    for row, chapter in enumerate(chapters, FIRST_RISK_ROW):
        name_of_chapter = book.marked(f"{chapter.code}  {chapter.title[book.lang]}", f"chapter:{chapter.code}")
        sheet.text(f"A{row}", name_of_chapter)
        if "\n" in name_of_chapter:
            sheet.fit(row, {"A": name_of_chapter})
        sheet.text(f"B{row}", book.all_words["domains"][chapter.domain.value])
        sheet.formula(
            f"D{row}",
            f'=INDEX(RiskLabels,{_risk(row)})&IF(COUNTIF(Risks,C{row})=1,""," ({words["assumed"]})")',
            f"{_risk_label(book, rules.risk.when_not_set)} ({words['assumed']})",
            "words",
        )
    sheet.open(f"C{FIRST_RISK_ROW}", f"C{last}", "input-level")
    sheet.choice(f"C{FIRST_RISK_ROW}", f"C{last}", "Risks", words["risk"], words["risk_hint"], error)
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.repeat_rows(FIRST_RISK_ROW - 2)
    return {chapter.code: _risk(row, f"{quoted(name)}!") for row, chapter in enumerate(chapters, FIRST_RISK_ROW)}


def warn(book: Book, sheet: Sheet, place: str) -> None:
    """Says on a sheet that the review date is missing."""
    missing = book.words["review_date_missing"]
    sheet.formula(place, f'=IF(ISNUMBER(ReviewDate),"","{missing}")', missing, "warning")


def _risk(row: int, sheet: str = "") -> str:
    return f"IF(COUNTIF(Risks,{sheet}$C{row})=1,{sheet}$C{row},RiskAssumed)"


def _risk_label(book: Book, risk: int) -> str:
    return next(step.label[book.lang] for step in book.guide.scoring.risk.levels if step.risk == risk)


def add_requirements(book: Book, places: Sequence[Place]) -> None:
    """The answers: what is asked, what is entered, and what it amounts to."""
    words, rules, lang = book.words, book.guide.scoring, book.lang
    sheet = book.sheet("requirements", REQUIREMENT_WIDTHS)
    steps, guidance = quoted(book.sheet_name("calculation")), book.sheet_name("guidance")
    first, last = FIRST_ROW, places[-1].row
    sheet.text("A1", words["sheet_requirements"], "title")
    warn(book, sheet, "A2")
    for key, letter in REQUIREMENT_COLUMNS.items():
        sheet.text(f"{letter}{first - 1}", words[key], "head-input" if key in INPUTS else "head")
    longest = max((kind.label[lang] for kind in rules.critical_gap.kinds), key=len)
    longest = f"{finding_words(rules, 'critical_gap', lang)}: {longest}"
    sheet.fit(first - 1, {letter: words[key] for key, letter in REQUIREMENT_COLUMNS.items()})
    unanswered = finding_words(rules, "unanswered", lang)
    level = next(target.level for target in rules.targets if target.default)
    for place in places:
        row, requirement = place.row, place.requirement
        weight = f"{requirement.weight.value} {book.all_words['weights'][f'w{requirement.weight.value}']}"
        sheet.link(f"A{row}", guidance, f"A{row}", requirement.id)
        sheet.text(f"B{row}", place.chapter.title[lang])
        sheet.text(f"C{row}", weight)
        sheet.text(f"D{row}", book.statement(requirement))
        texts = {"B": place.chapter.title[lang], "C": weight, "D": book.statement(requirement), "S": longest}
        sheet.fit(row, texts, least=LEAST_LINES)
        shown: dict[str, Cell] = {"points": 0, "most": requirement.weight.value * level, "finding": unanswered}
        for key, formula in answer_results(row, steps).items():
            form = "words" if key in {"finding", "check"} else "whole"
            sheet.formula(f"{REQUIREMENT_COLUMNS[key]}{row}", formula, shown.get(key), form)
    forms = {"level": "input-level", "own_target": "input-level", "evidence_date": "input-day", "due": "input-day"}
    error = (words["entry_error"], words["list_error"])
    date_error = (words["entry_error"], words["date_error"])
    for key in INPUTS:
        cells = f"{REQUIREMENT_COLUMNS[key]}{first}", f"{REQUIREMENT_COLUMNS[key]}{last}"
        sheet.open(*cells, forms.get(key, "input"))
        if key == "level":
            legend = "\n".join(f"{step.level} {step.label[lang]}" for step in reversed(rules.levels))
            legend += f"\nN/A {rules.not_applicable.label[lang]}"
            sheet.choice(*cells, "Levels", words["level"], f"{words['level_hint']}\n{legend}", error)
        elif key == "own_target":
            sheet.choice(*cells, "OwnTarget", words["own_target"], rules.own_target.rule[lang], error)
        elif key == "evidence":
            sheet.hint(*cells, words["evidence"], words["evidence_hint"])
        elif forms.get(key) == "input-day":
            sheet.days(*cells, words[key], "", date_error)
    sheet.raw.freeze_panes(first - 1, 1)
    sheet.raw.autofilter(f"A{first - 1}:U{last}")
    sheet.raw.repeat_rows(first - 2)
    sheet.raw.repeat_columns("A:A")
    sheet.raw.set_print_scale(58)
    sheet.raw.set_v_pagebreaks([REQUIREMENT_WIDTHS.index(10)])
    sheet.raw.print_across()


def add_guidance(book: Book, places: Sequence[Place]) -> None:
    """What helps to answer and to close a gap, on the same rows as the answers."""
    words, card, lang = book.words, book.all_words["checklist"], book.lang
    sheet = book.sheet("guidance", [8, 42, 30, 44, 10, 32, 32, 32, 28])
    answers = book.sheet_name("requirements")
    sheet.text("A1", words["sheet_guidance"], "title")
    sheet.text("A2", words["guidance_back"], "prose-line")
    head = (
        words["id"], words["requirement"], card["why"], card["evidence"], words["max_age"], card["week"], card["full"],
        card["low_cost"], card["references"],
    )  # fmt: skip
    sheet.row(FIRST_ROW - 1, head, "head")
    sheet.fit(FIRST_ROW - 1, dict(zip("ABCDEFGHI", head, strict=True)))
    for place in places:
        requirement, row = place.requirement, place.row
        close = requirement.close_the_gap
        references = dict.fromkeys(book.guide.references[cited.id].short[lang] for cited in requirement.references)
        texts = (
            book.statement(requirement),
            requirement.why[lang],
            "\n".join(f"• {text[lang]}" for text in requirement.evidence),
            str(requirement.evidence_max_age_days),
            *(text[lang] for text in (close.week, close.full, close.low_cost)),
            "\n".join(references),
        )
        sheet.row(row, ("", *texts))
        sheet.fit(row, dict(zip("BCDEFGHI", texts, strict=True)))
        sheet.link(f"A{row}", answers, f"E{row}", requirement.id)
    sheet.raw.freeze_panes(FIRST_ROW - 1, 1)
    sheet.raw.repeat_rows(FIRST_ROW - 2)
    sheet.raw.fit_to_pages(1, 0)
