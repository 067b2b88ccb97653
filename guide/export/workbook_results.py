"""The sheets of the workbook that follow every answer: results with charts, and the action plan.

Enters: a Book and the places of the requirements. Leaves: the sheets, all formulas.
"""

from __future__ import annotations

from collections.abc import Sequence

from guide.export import workbook_formulas as formulas
from guide.export.workbook_cells import Book, Cell, Sheet, quoted
from guide.export.workbook_entries import warn
from guide.export.workbook_layout import FIRST_ROW, PLAN_ROWS, REQUIREMENT_COLUMNS, Place

TOTAL_COLUMNS = {
    "name": "A", "attainment": "B", "band": "C", "critical": "D", "not_in_place": "E", "not_evidenced": "F",
    "gaps": "G", "observations": "H", "unanswered": "I", "not_applicable": "J", "count": "K", "completeness": "L",
    "weighted_level": "M", "scope_flag": "N", "points": "O", "most": "P", "weight": "Q", "weighted": "R",
}  # fmt: skip
CHART_ROWS = 32
"""Rows that the chart below the last table covers."""
HEADLINE_ROW, READINESS_ROW = 4, 20
DOMAIN_ROW = 29
"""Row of the head of the table by domain; the table by chapter follows."""
FORMS = {
    "attainment": "percent", "completeness": "percent", "band": "words", "weighted_level": "decimal",
    "scope_flag": "words",
}  # fmt: skip


def add_results(book: Book, places: Sequence[Place]) -> None:
    """Headline, readiness, totals by domain and chapter, two charts."""
    words = book.words
    sheet = book.sheet("results", [46, 13, 19, *[13] * 11, *[11] * 4])
    sheet.text("A1", words["sheet_results"], "title")
    warn(book, sheet, "A2")
    chapters = list(dict.fromkeys(place.chapter for place in places))
    domains = sorted({chapter.domain for chapter in chapters})
    domain_names = [(domain.value, f"{domain.value}  {book.all_words['domains'][domain.value]}") for domain in domains]
    chapter_names = [(chapter.code, f"{chapter.code}  {chapter.title[book.lang]}") for chapter in chapters]
    by_domain = _totals(book, sheet, DOMAIN_ROW, "domain", domain_names, places)
    top = DOMAIN_ROW + len(domains) + 3
    by_chapter = _totals(book, sheet, top, "chapter", chapter_names, places)
    whole = by_chapter[1] + 1
    _whole(book, sheet, whole, by_chapter, places)
    _headline(book, sheet, whole)
    _readiness(book, sheet, whole, by_chapter)
    name = quoted(book.sheet_name("results"))
    for title, place, (first, last) in (
        ("attainment_by_domain", "D4", by_domain), ("attainment_by_chapter", f"A{whole + 2}", by_chapter),
    ):  # fmt: skip
        labels, values = (f"={name}!${letter}${first}:${letter}${last}" for letter in "AB")
        chart = book.bar_chart(words[title], labels, values, last - first + 1)
        sheet.raw.insert_chart(place, chart, {"description": words[title], "object_position": 2})
    sheet.raw.print_area(f"A1:N{whole + CHART_ROWS}")
    sheet.raw.fit_to_pages(1, 0)
    sheet.raw.set_h_pagebreaks([top - 2])


def _totals(
    book: Book, sheet: Sheet, top: int, group: str, names: Sequence[tuple[str, str]], places: Sequence[Place]
) -> tuple[int, int]:
    """A table of totals below `top`; returns its first and last row."""
    words = book.words
    sheet.text(f"A{top - 1}", words[f"by_{group}"], "section")
    heads = {
        "name": words[group], "not_in_place": _kind(book, 0), "not_evidenced": _kind(book, 1),
        **{figure: _score(book, figure) for figure in ("attainment", "completeness", "weighted_level")},
    }  # fmt: skip
    for column, letter in TOTAL_COLUMNS.items():
        head = heads.get(column) or words[column]
        sheet.text(f"{letter}{top}", head, "head")
    sheet.fit(top, {letter: heads.get(column) or words[column] for column, letter in TOTAL_COLUMNS.items()})
    for row, (key, name) in enumerate(names, top + 1):
        sheet.text(f"A{row}", name)
        inside = [place for place in places if key in {place.chapter.code, place.chapter.domain.value}]
        sums = formulas.sums(group, key)
        _row(book, sheet, row, sums, inside, flag=group == "chapter")
    return top + 1, top + len(names)


def _row(book: Book, sheet: Sheet, row: int, sums: dict[str, str], inside: Sequence[Place], *, flag: bool) -> None:
    """The figures of one group; those that are no sum are made from the sums beside them."""
    words = book.words
    cell = {column: f"{letter}{row}" for column, letter in TOTAL_COLUMNS.items()}
    nothing = f'"{words["nothing_applies"]}"'
    level = next(target.level for target in book.guide.scoring.targets if target.default)
    weight = sum(place.requirement.weight.value for place in inside)
    shown: dict[str, Cell] = {
        "points": 0, "most": weight * level, "critical": 0, "not_in_place": 0, "not_evidenced": 0, "gaps": 0,
        "observations": 0, "unanswered": len(inside), "not_applicable": 0, "count": len(inside), "weight": weight,
        "weighted": 0, "completeness": 0,
    }  # fmt: skip
    made = {
        "critical": f"={cell['not_in_place']}+{cell['not_evidenced']}",
        "attainment": formulas.attainment(cell["points"], cell["most"], nothing),
        "band": formulas.band(cell["points"], cell["most"], cell["critical"]),
        "completeness": formulas.completeness(cell["unanswered"], cell["count"]),
        "weighted_level": formulas.weighted_level(cell["weighted"], cell["weight"], nothing),
    }
    if flag:
        made["scope_flag"] = formulas.check_scope(cell["weight"], sums["weight_na"], words["scope_flag"])
    made |= {column: f"={formula}" for column, formula in sums.items() if column in cell}
    for column, formula in made.items():
        sheet.formula(cell[column], formula, shown.get(column), FORMS.get(column, "whole"))


def _whole(book: Book, sheet: Sheet, row: int, chapters: tuple[int, int], places: Sequence[Place]) -> None:
    """The sum of all chapters."""
    sheet.text(f"A{row}", book.words["overall"], "label")
    columns = ("points", "most", "not_in_place", "not_evidenced", "gaps", "observations", "unanswered",
               "not_applicable", "count", "weight", "weighted")  # fmt: skip
    first, last = chapters
    sums = {column: f"SUM({TOTAL_COLUMNS[column]}{first}:{TOTAL_COLUMNS[column]}{last})" for column in columns}
    _row(book, sheet, row, sums, places, flag=False)


def _headline(book: Book, sheet: Sheet, whole: int) -> None:
    """The figures that belong together: attainment, critical gaps, completeness, and whether they are provisional."""
    words, rules = book.words, book.guide.scoring
    c = {column: f"{letter}{whole}" for column, letter in TOTAL_COLUMNS.items()}
    default = next(target for target in rules.targets if target.default)
    count = len(book.guide.requirements) - sum(r.retired is not None for r in book.guide.requirements.values())
    provisional = rules.score.provisional.label[book.lang]
    lines: list[tuple[str, str, Cell, str]] = [
        (_score(book, "attainment"), f"={c['attainment']}", None, "big"),
        (words["band"], f"={c['band']}", None, "words"),
        (words["state"], f'=IF({c["unanswered"]}>0,"{provisional}","{words["complete"]}")', provisional, "words"),
        (_score(book, "completeness"), f"={c['completeness']}", 0, "percent"),
        (words["critical"], f"={c['critical']}", 0, "whole"),
        (_kind(book, 0), f"={c['not_in_place']}", 0, "whole"),
        (_kind(book, 1), f"={c['not_evidenced']}", 0, "whole"),
        (words["gaps"], f"={c['gaps']}", 0, "whole"),
        (words["observations"], f"={c['observations']}", 0, "whole"),
        (words["unanswered"], f"={c['unanswered']}", count, "whole"),
        (words["not_applicable"], f"={c['not_applicable']}", 0, "whole"),
        (_score(book, "weighted_level"), f"={c['weighted_level']}", None, "decimal"),
        (words["target"], "=INDEX(TargetLabels,TargetPlace)", default.label[book.lang], "words"),
        (words["review_date"], '=IF(ISNUMBER(ReviewDate),ReviewDate,"")', None, "day"),
    ]
    for row, (label, formula, shown, form) in enumerate(lines, HEADLINE_ROW):
        sheet.text(f"A{row}", label, "label")
        sheet.formula(f"B{row}", formula, shown, form)
    sheet.fit(HEADLINE_ROW, {}, least=2)


def _readiness(book: Book, sheet: Sheet, whole: int, chapters: tuple[int, int]) -> None:
    """Each condition for asking for the step that the target stands for."""
    words, rules, lang = book.words, book.guide.scoring, book.lang
    rule = [next(rule for rule in rules.readiness.rules if rule.target == target.id) for target in rules.targets]
    default = next(place for place, target in enumerate(rules.targets) if target.default)
    c = {column: f"{letter}{whole}" for column, letter in TOTAL_COLUMNS.items()}
    first, last = chapters
    points, most = (f"{TOTAL_COLUMNS[column]}{first}:{TOTAL_COLUMNS[column]}{last}" for column in ("points", "most"))
    criteria = rules.readiness.criteria

    def by_target(values: Sequence[object]) -> str:
        return f"CHOOSE(TargetPlace,{','.join(str(value) for value in values)})"

    def sentence(text: str, values: Sequence[int | None]) -> tuple[str, str]:
        each = [words["not_asked"] if value is None else text.replace("{value}", str(value)) for value in values]
        return "=" + by_target([_string(one) for one in each]), each[default]

    essential = [one.essential_at_least for one in rule]
    overall = [one.overall_at_least_percent for one in rule]
    lowest = [one.chapter_at_least_percent for one in rule]
    conditions = [
        (sentence(criteria.complete[lang], [0, 0]), f"AND({c['count']}>0,{c['unanswered']}=0)", False),
        (sentence(criteria.no_critical_gap[lang], [0, 0]), f"{c['critical']}=0", True),
        (
            sentence(criteria.essential[lang], essential),
            f'COUNTIFS(CalcWeight,CriticalWeight,CalcSupported,"<"&{by_target(essential)})=0',
            not any(r.weight == rules.critical_gap.weight for r in book.guide.requirements.values() if not r.retired),
        ),
        (
            sentence(criteria.overall[lang], overall),
            f"AND({c['most']}>0,100*{c['points']}>={by_target(overall)}*{c['most']})",
            False,
        ),
        (
            sentence(criteria.chapters[lang], lowest),
            f"SUMPRODUCT(--(100*{points}<{by_target([value or 0 for value in lowest])}*{most}))=0",
            not lowest[default],
        ),
    ]
    top = READINESS_ROW
    last_row = top + len(conditions)
    sheet.formula(
        f"A{top}", "=" + by_target([_string(one.label[lang]) for one in rule]), rule[default].label[lang], "label"
    )
    yes, no = words["yes"], words["no"]
    ready = f'IF(COUNTIF(B{top + 1}:B{last_row},"{yes}")={len(conditions)},"{yes}","{no}")'
    sheet.formula(f"B{top}", f'=IF(ISNUMBER(ReviewDate),{ready},"")', None, "words")
    for row, ((formula, label), condition, met) in enumerate(conditions, top + 1):
        sheet.formula(f"A{row}", formula, label, "words")
        sheet.formula(f"B{row}", f'=IF({condition},"{yes}","{no}")', yes if met else no, "words")
    sheet.text(f"A{last_row + 1}", rules.indication[lang], "prose-line")


def add_plan(book: Book, places: Sequence[Place]) -> None:
    """The most urgent gaps, sorted; owner and due date are those of the sheet with the answers."""
    words = book.words
    sheet = book.sheet("plan", [6, 9, 8, 52, 24, 11, 9, 52, 20, 13, 13])
    answers, guidance = quoted(book.sheet_name("requirements")), quoted(book.sheet_name("guidance"))
    last = places[-1].row
    texts = [(book.statement(place.requirement), place.requirement.close_the_gap.week[book.lang]) for place in places]
    height = max(max(sheet.lines("D", text), sheet.lines("H", step)) for text, step in texts)
    sheet.text("A1", words["sheet_plan"], "title")
    sheet.text("A2", words["plan_limit"].format(number=PLAN_ROWS), "prose-line")
    sheet.text("D3", words["plan_count"], "label")
    sheet.formula("E3", "=COUNT(CalcKey)", 0)
    head = (
        "rank", "priority", "id", "requirement", "finding", "supported", "target", "first_step", "owner", "due",
        "proposed",
    )  # fmt: skip
    sheet.row(FIRST_ROW - 1, [words[key] for key in head], "head")
    sheet.fit(FIRST_ROW - 1, {letter: words[key] for letter, key in zip("ABCDEFGHIJK", head, strict=True)})

    def column(letter: str, of: str = answers) -> str:
        return f"{of}!${letter}${FIRST_ROW}:${letter}${last}"

    a = REQUIREMENT_COLUMNS
    for row in range(FIRST_ROW, FIRST_ROW + PLAN_ROWS):
        sheet.formula(f"A{row}", f'=IF(COUNT(CalcKey)>=ROW()-{FIRST_ROW - 1},ROW()-{FIRST_ROW - 1},"")', None)
        found = f"MATCH($A{row},CalcOrder,0)"
        place = f"INDEX(CalcPriority,{found})"
        months, days = f"INDEX(PriorityMonths,{place})", f"INDEX(PriorityDays,{place})"
        proposed = (
            f'IF(ISNUMBER(ReviewDate),IF({months}>0,EDATE(ReviewDate,{months}),IF({days}>0,ReviewDate+{days},"")),"")'
        )
        due = f"INDEX({column(a['due'])},{found})"
        cells = {
            "B": (f"INDEX(PriorityIds,{place})", "whole"),
            "C": (f"INDEX(CalcId,{found})", "whole"),
            "D": (f"INDEX({column(a['requirement'])},{found})", "words"),
            "E": (f"INDEX({column(a['finding'])},{found})", "words"),
            "F": (f"INDEX(CalcSupported,{found})", "whole"),
            "G": (f"INDEX(CalcTarget,{found})", "whole"),
            "H": (f"INDEX({column('F', guidance)},{found})", "words"),
            "I": (f'INDEX({column(a["owner"])},{found})&""', "words"),
            "J": (f'IF({due}="","",{due})', "day"),
            "K": (proposed, "day"),
        }
        for letter, (formula, form) in cells.items():
            sheet.formula(f"{letter}{row}", f'=IF($A{row}="","",{formula})', None, form)
        sheet.fit(row, {}, least=height)
    sheet.raw.freeze_panes(FIRST_ROW - 1, 3)
    sheet.raw.repeat_rows(FIRST_ROW - 2)
    sheet.raw.fit_to_pages(1, 0)


def _score(book: Book, figure: str) -> str:
    score = book.guide.scoring.score
    label = {"attainment": score.attainment, "completeness": score.completeness, "weighted_level": score.weighted_level}
    return label[figure].label[book.lang]


def _kind(book: Book, place: int) -> str:
    kinds = {kind.kind: kind.label[book.lang] for kind in book.guide.scoring.critical_gap.kinds}
    return kinds[formulas.KINDS[place]]


def _string(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
