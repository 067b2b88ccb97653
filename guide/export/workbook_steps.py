"""The sheets of the workbook that show how a score comes about: the rules as values, and every step as a formula.

Enters: a Book and the places of the requirements. Leaves: the sheets, and the names that formulas use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from guide.export import workbook_formulas as formulas
from guide.export.workbook_cells import Book, Cell, quoted
from guide.export.workbook_layout import CALCULATION_COLUMNS, FIRST_ROW, NA, NAMED, TARGET, Place, calc_name
from guide.model import Lang, Text
from guide.scoring_model import Scoring, Status


class Labelled(Protocol):
    """A step of the rules that has a name."""

    @property
    def label(self) -> Text: ...


def add_calculation(book: Book, places: Sequence[Place], risks: Mapping[str, str]) -> None:
    """One row for each requirement; `risks` holds the formula of the local risk of each chapter."""
    words, rules = book.words, book.guide.scoring
    sheet = book.sheet("calculation", [8, 9, 9, *[11] * (len(CALCULATION_COLUMNS) - 3)])
    name, answers = book.sheet_name("calculation"), quoted(book.sheet_name("requirements"))
    sheet.text("A1", words["sheet_calculation"], "title")
    sheet.text("A2", words["calculation_note"], "prose-line")
    for column, letter in CALCULATION_COLUMNS.items():
        sheet.text(f"{letter}{FIRST_ROW - 1}", words[column], "head")
        if column in NAMED:
            book.name(calc_name(column), name, f"{letter}{FIRST_ROW}", f"{letter}{places[-1].row}")
    sheet.fit(FIRST_ROW - 1, {letter: words[column] for column, letter in CALCULATION_COLUMNS.items()})
    target = next(target.level for target in rules.targets if target.default)
    for place in places:
        row, requirement = place.row, place.requirement
        fixed: dict[str, str | int] = {
            "id": requirement.id, "chapter": place.chapter.code, "domain": place.chapter.domain.value,
            "weight": requirement.weight.value, "max_age": requirement.evidence_max_age_days,
        }  # fmt: skip
        for column, value in fixed.items():
            sheet.text(f"{CALCULATION_COLUMNS[column]}{row}", value, "whole")
        shown: dict[str, Cell] = {
            "risk": rules.risk.when_not_set, "target": target, "claims_na": 0, "reason_length": 0, "na_accepted": 0,
            "dated": 0, "stale": 0, "basis": 0, "supported": 0, "points": 0, "most": requirement.weight.value * target,
            "weighted": 0, "critical_kind": 0, "finding": formulas.UNANSWERED, "check": 0,
        }  # fmt: skip
        for column, formula in formulas.calculation(row, answers, risks[place.chapter.code]).items():
            sheet.formula(f"{CALCULATION_COLUMNS[column]}{row}", formula, shown.get(column))
    sheet.raw.freeze_panes(FIRST_ROW - 1, 1)
    sheet.raw.repeat_rows(FIRST_ROW - 2)
    sheet.raw.fit_to_pages(1, 0)


def add_rules(book: Book) -> None:
    """Every value of the scoring model that a formula uses, under its name."""
    words, rules, lang = book.words, book.guide.scoring, book.lang
    start = quoted(book.sheet_name("start"))
    default = next(place for place, target in enumerate(rules.targets, 1) if target.default)
    writer = _Values(book)
    writer.formula(
        "TargetPlace", words["target"], f"=IFERROR(MATCH({start}!{TARGET},TargetLabels,0),{default})", default
    )
    writer.formula("Target", words["level"], "=INDEX(TargetLevels,TargetPlace)", rules.targets[default - 1].level)
    values = {
        "DatedFrom": ("dated_from", rules.evidence.dated_from_level),
        "LevelWithout": ("level_without", rules.evidence.level_without),
        "RecentFrom": ("recent_from", rules.evidence.recent_from_level),
        "LevelStale": ("level_stale", rules.evidence.level_when_stale),
        "ReasonMinimum": ("reason_minimum", rules.not_applicable.reason_min_characters),
        "ManagerWeight": ("manager_weight", rules.not_applicable.accountable_manager_from_weight),
        "ScopePercent": ("scope_percent", rules.not_applicable.check_scope_above_percent),
        "CriticalWeight": ("critical_weight", rules.critical_gap.weight),
        "CriticalLevel": ("critical_level", rules.critical_gap.at_most_level),
        "RiskAssumed": ("risk_assumed", rules.risk.when_not_set),
        "OwnTarget": ("highest_target", rules.own_target.level),
    }
    for name, (key, value) in values.items():
        writer.value(name, words[key], value)
    bands, classes = rules.bands.scale, rules.priority.classes
    writer.value("BandCap", words["band_cap"], _place([band.id for band in bands], rules.bands.capped_at))
    floor = _place([step.id for step in classes], rules.priority.critical_never_below)
    writer.value("PriorityFloor", words["priority_floor"], floor)
    levels, labels = [step.level for step in rules.levels], _labels(rules.levels, lang)
    writer.table((words["level"], ""), {"Levels": [*levels, NA], "": [*labels, rules.not_applicable.label[lang]]})
    writer.table(
        (words["target"], words["level"]),
        {"TargetLabels": _labels(rules.targets, lang), "TargetLevels": [target.level for target in rules.targets]},
    )
    risks = [step.risk for step in rules.risk.levels]
    writer.table((words["risk"], ""), {"Risks": risks, "RiskLabels": _labels(rules.risk.levels, lang)})
    writer.table((words["finding"],), {"FindingWords": [finding_words(rules, s, lang) for s in formulas.FINDINGS]})
    kinds = {kind.kind: kind.label[lang] for kind in rules.critical_gap.kinds}
    writer.table((words["critical_kind"],), {"KindWords": [kinds[kind] for kind in formulas.KINDS]})
    writer.table(
        (words["band"], "≥ %"),
        {
            "BandWords": [f"{band.symbol} {band.label[lang]}" for band in bands],
            "BandFrom": [band.from_percent for band in bands],
        },
    )
    writer.table(
        (words["priority"], words["priority_score"], words["plan_days"], words["plan_months"]),
        {
            "PriorityIds": [step.id for step in classes],
            "PriorityFrom": [step.from_score for step in classes],
            "PriorityDays": [step.close_days or step.plan_days or 0 for step in classes],
            "PriorityMonths": [step.close_months or 0 for step in classes],
        },
    )
    reasons = {basis.basis: basis.reason[lang] for basis in rules.bases}
    checks = {
        "level": words["check_level"], "na_incomplete": rules.not_applicable.incomplete[lang],
        "date": words["check_date"], "target": words["check_target"], "no_evidence": reasons["no_evidence"],
        "stale": reasons["stale_evidence"], "review_date": rules.evidence.review_date[lang],
        "after_review": rules.evidence.after_review[lang], "manager": rules.not_applicable.accountable_manager[lang],
    }  # fmt: skip
    writer.table((words["check"],), {"CheckWords": [checks[name] for name in formulas.CHECKS]})


class _Values:
    """Writes named values and named lists one below the other."""

    def __init__(self, book: Book) -> None:
        self.book, self.name = book, book.sheet_name("rules")
        self.sheet = book.sheet("rules", [60, 16, 16, 16])
        self.sheet.text("A1", book.words["sheet_rules"], "title")
        self.sheet.text("A2", book.words["rules_note"], "prose-line")
        self.sheet.row(4, (book.words["rule"], book.words["value"]), "head")
        self.sheet.raw.fit_to_pages(1, 0)
        self.row = 5

    def value(self, name: str, label: str, value: int) -> None:
        self.sheet.text(f"A{self.row}", label)
        self.sheet.text(f"B{self.row}", value, "whole")
        self._named(name)

    def formula(self, name: str, label: str, formula: str, shown: int) -> None:
        self.sheet.text(f"A{self.row}", label)
        self.sheet.formula(f"B{self.row}", formula, shown)
        self._named(name)

    def _named(self, name: str) -> None:
        self.book.name(name, self.name, f"B{self.row}")
        self.row += 1

    def table(self, head: Sequence[str], columns: Mapping[str, Sequence[str | int]]) -> None:
        """Lists of equal length side by side, each under its name ("" for none)."""
        self.row += 1
        self.sheet.row(self.row, head, "head")
        first = self.row + 1
        for letter, (name, values) in zip("ABCD", columns.items(), strict=False):
            for row, value in enumerate(values, first):
                self.sheet.text(f"{letter}{row}", value, "text" if isinstance(value, str) else "whole")
                if letter == "A":
                    self.sheet.fit(row, {"A": str(value)})
            self.row = first + len(values)
            if name:
                self.book.name(name, self.name, f"{letter}{first}", f"{letter}{self.row - 1}")


def finding_words(rules: Scoring, status: Status, lang: Lang) -> str:
    """Symbol and label of a finding, always together."""
    return next(f"{finding.symbol} {finding.label[lang]}" for finding in rules.findings if finding.status == status)


def _labels(steps: Sequence[Labelled], lang: Lang) -> list[str]:
    return [step.label[lang] for step in steps]


def _place(ids: Sequence[str], wanted: str) -> int:
    return ids.index(wanted) + 1
