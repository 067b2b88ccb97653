"""A questionnaire in both languages for KoBo and ODK (XLSForm).

Enters: the guide, and which of its texts are out of step. Leaves: the bytes of an .xlsx file with the sheets survey,
choices and settings that pyxform turns into an XForm. Whoever answers chooses the chapters first; evidence, reasons and
owners are asked only where needed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime, time

import xlsxwriter

from guide.guide import Guide
from guide.marks import Marks, told
from guide.model import LANGUAGES, Chapter, Requirement, Text
from guide.report.strangers import plain

NA = "na"
LANGUAGE_NAMES = {"en": "English (en)", "es": "Español (es)"}
TRANSLATED = ("label", "hint", "constraint_message")
SURVEY = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "appearance",
    "default",
)
Question = dict[str, str | Text]
"""Cells of a row by column; a Text fills the columns of both languages."""


def xlsform(guide: Guide, marks: Marks) -> bytes:
    """The form; the same guide gives the same bytes. It is not to be edited, only uploaded."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    edition, title = guide.edition, _word(guide, "downloads", "form-title")
    notice = _word(guide, "downloads", "notice")
    book.set_properties({"title": title.en, "comments": notice.en, "created": datetime.combine(edition.date, time())})
    _sheet(book, "survey", SURVEY, list(_survey(guide, marks)))
    _sheet(book, "choices", ("list_name", "name", "label"), list(_choices(guide)))
    settings: Question = {
        "form_title": f"{title.en} / {title.es}",
        "form_id": "csbp_psems",
        "version": edition.edition.replace(".", ""),
        "default_language": LANGUAGE_NAMES["en"],
        "instance_name": "concat(${site}, ' ', ${review_date})",
        "style": "pages",
    }
    _sheet(book, "settings", tuple(settings), [settings])
    book.close()
    return buffer.getvalue()


def _sheet(book: xlsxwriter.Workbook, name: str, columns: Sequence[str], rows: Sequence[Question]) -> None:
    sheet = book.add_worksheet(name)
    heads = [
        (column, lang) for column in columns for lang in (LANGUAGES if column in TRANSLATED else (None,))
    ]  # fmt: skip
    for place, (column, lang) in enumerate(heads):
        sheet.write_string(0, place, f"{column}::{LANGUAGE_NAMES[lang]}" if lang else column)
        sheet.set_column(place, place, 40 if lang else 18)
        for row, cells in enumerate(rows, 1):
            value = cells.get(column, "")
            text = value[lang] if isinstance(value, Text) and lang else str(value)
            if text:
                sheet.write_string(row, place, plain(text))
    sheet.freeze_panes(1, 0)


def _word(guide: Guide, group: str, name: str) -> Text:
    """A word of the interface in both languages, safe in a label: `${` would call an answer."""
    return _label(guide.interface.root[group][name])


def _label(text: Text) -> Text:
    return Text(en=text.en.replace("${", "$ {"), es=text.es.replace("${", "$ {"))


def _survey(guide: Guide, marks: Marks) -> Iterator[Question]:
    rules = guide.scoring
    default = next(target for target in rules.targets if target.default)

    def word(name: str) -> Text:
        return _word(guide, "workbook", name)

    yield {
        "type": "begin_group",
        "name": "general",
        "label": _word(guide, "downloads", "general"),
        "appearance": "field-list",
    }
    edition = guide.edition
    notice, site = _word(guide, "downloads", "notice"), guide.interface.root["site"]
    targets = _word(guide, "checklist", "targets")
    marked = Text(
        en=f"{edition.marking.en}\n{notice.en}\n{targets.en}\n{site['edition'].en} {edition.edition}",
        es=f"{edition.marking.es}\n{notice.es}\n{targets.es}\n{site['edition'].es} {edition.edition}",
    )
    yield {"type": "note", "name": "notice", "label": marked}
    yield from _note(guide, marks, "scoring", "scoring_translation", word("how-scored"))
    yield {"type": "text", "name": "site", "label": word("site"), "required": "yes"}
    yield {"type": "text", "name": "scope", "label": word("scope")}
    yield {"type": "text", "name": "assessors", "label": word("assessors")}
    hint = word("review-date-hint")
    yield {"type": "date", "name": "review_date", "label": word("review-date"), "hint": hint, "required": "yes"}
    yield {
        "type": "select_one target",
        "name": "target",
        "label": word("target"),
        "required": "yes",
        "default": str(default.level),
    }
    chapters = _word(guide, "downloads", "choose-chapter")
    yield {"type": "select_multiple chapter", "name": "chapters", "label": chapters, "required": "yes"}
    yield {"type": "end_group"}
    for chapter in guide.chapters:
        if asked := guide.in_force(chapter.code):
            yield from _chapter(guide, marks, chapter, asked)


def _chapter(guide: Guide, marks: Marks, chapter: Chapter, asked: Sequence[Requirement]) -> Iterator[Question]:
    code = chapter.code.lower()
    shown = f"selected(${{chapters}}, '{code}')"
    yield {"type": "begin_group", "name": f"chapter_{code}", "label": _label(chapter.title), "relevant": shown}
    about = _word(guide, "paper", "title-and-purpose")
    yield from _note(guide, marks, f"chapter:{chapter.code}", f"chapter_{code}_translation", about)
    risk = _word(guide, "workbook", "risk")
    yield {"type": "select_one risk", "name": f"risk_{code}", "label": risk, "hint": _label(guide.scoring.risk.rule)}
    for requirement in asked:
        yield from _requirement(guide, marks, requirement)
    yield {"type": "end_group"}


def _note(guide: Guide, marks: Marks, item: str, name: str, about: Text | None = None) -> Iterator[Question]:
    """What whoever answers is told of a text that is out of step; `about` says which, where that cannot be seen."""
    if item in marks["en"]:
        said = {lang: told(marks[lang][item], guide.interface.words(lang)) for lang in LANGUAGES}
        if about:
            said = {lang: f"{about[lang]}: {said[lang]}" for lang in LANGUAGES}
        yield {"type": "note", "name": name, "label": _label(Text(**said))}


def _requirement(guide: Guide, marks: Marks, requirement: Requirement) -> Iterator[Question]:
    rules, name = guide.scoring, requirement.id.lower().replace("-", "_")
    answer = f"${{{name}}}"
    level = f"{answer} != '' and {answer} != '{NA}'"
    dated = f"{level} and number({answer}) >= {rules.evidence.dated_from_level}"
    below = f"{level} and number({answer}) < number(${{target}})"
    excluded = f"{answer} = '{NA}'"
    evidence = Text(
        en=" · ".join(text.en for text in requirement.evidence), es=" · ".join(text.es for text in requirement.evidence)
    )
    least = rules.not_applicable.reason_min_characters
    short = _word(guide, "downloads", "reason-short")
    too_short = Text(en=short.en.format(number=least), es=short.es.format(number=least))

    def word(key: str) -> Text:
        return _word(guide, "workbook", key)

    yield {
        "type": "begin_group", "name": f"{name}_group", "label": Text(en=requirement.id, es=requirement.id),
        "appearance": "field-list",
    }  # fmt: skip
    yield {
        "type": "select_one level", "name": name, "label": _label(requirement.text),
        "hint": _label(rules.instruction),
    }  # fmt: skip
    yield from _note(guide, marks, requirement.id, f"{name}_translation")
    yield {
        "type": "text", "name": f"{name}_evidence", "label": word("evidence"), "hint": _label(evidence),
        "relevant": dated,
    }  # fmt: skip
    yield {"type": "text", "name": f"{name}_custodian", "label": word("custodian"), "relevant": dated}
    yield {"type": "date", "name": f"{name}_date", "label": word("evidence-date"), "relevant": dated}
    yield {
        "type": "text", "name": f"{name}_reason", "label": word("reason"), "relevant": excluded, "required": "yes",
        "constraint": f"string-length(normalize-space(.)) >= {least}", "constraint_message": too_short,
        "hint": _label(rules.not_applicable.test),
    }  # fmt: skip
    yield {
        "type": "text", "name": f"{name}_approver", "label": word("approver"), "relevant": excluded, "required": "yes",
    }  # fmt: skip
    yield {"type": "text", "name": f"{name}_owner", "label": word("owner"), "relevant": below}
    yield {"type": "date", "name": f"{name}_due", "label": word("due"), "relevant": below}
    yield {"type": "text", "name": f"{name}_note", "label": word("note"), "appearance": "multiline"}
    yield {"type": "end_group"}


def _choices(guide: Guide) -> Iterator[Question]:
    rules = guide.scoring
    for step in rules.levels:
        label = Text(en=f"{step.level} {step.label.en}", es=f"{step.level} {step.label.es}")
        yield {"list_name": "level", "name": str(step.level), "label": _label(label)}
    none = rules.not_applicable.label
    yield {"list_name": "level", "name": NA, "label": _label(Text(en=f"N/A {none.en}", es=f"N/A {none.es}"))}
    for target in rules.targets:
        yield {"list_name": "target", "name": str(target.level), "label": _label(target.label)}
    for risk in rules.risk.levels:
        yield {"list_name": "risk", "name": str(risk.risk), "label": _label(risk.label)}
    for chapter in guide.chapters:
        if guide.in_force(chapter.code):
            label = Text(en=f"{chapter.code} {chapter.title.en}", es=f"{chapter.code} {chapter.title.es}")
            yield {"list_name": "chapter", "name": chapter.code.lower(), "label": _label(label)}
