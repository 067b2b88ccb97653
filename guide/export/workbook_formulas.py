"""The scoring model as formulas, step by step as in guide/scoring.py: one answer to a finding, many to a total.

Enters: names and cells of the workbook. Leaves: formulas that LibreOffice 7 and Excel 2016 know. Numbers stay whole
until they are shown, so bands never see a rounded figure. tests/test_exports.py holds them against guide/scoring.py.
"""

from __future__ import annotations

from guide.export.workbook_layout import CALCULATION_COLUMNS, NA, REQUIREMENT_COLUMNS, calc_name
from guide.scoring_model import CriticalKind, Status

NO_BASIS, CLAIMED, NO_EVIDENCE, STALE = range(4)
"""How the calculation numbers the basis of a supported level."""
NOT_IN_PLACE, NOT_EVIDENCED = 1, 2
KINDS: tuple[CriticalKind, ...] = ("not_in_place", "not_evidenced")
CRITICAL_GAP, GAP, OBSERVATION, CONFORMS, UNANSWERED, NOT_APPLICABLE = range(1, 7)
FINDINGS: tuple[Status, ...] = (
    "critical_gap", "gap", "observation", "conforms", "unanswered", "not_applicable",
)  # fmt: skip
"""The calculation writes the place in this list, counted from 1; so it does with KINDS and CHECKS."""
CHECKS = (
    "level", "na_incomplete", "date", "target", "no_evidence", "stale", "review_date", "after_review", "manager",
)  # fmt: skip
"""What can be left to check in a row, most important first."""


def calculation(row: int, answers: str, risk: str) -> dict[str, str]:
    """Column -> formula for the requirement on `row`. `answers` is the sheet with the answers, `risk` the cell with the
    local risk of its chapter."""
    c = {name: f"${letter}{row}" for name, letter in CALCULATION_COLUMNS.items()}
    a = {name: f"{answers}!${letter}{row}" for name, letter in REQUIREMENT_COLUMNS.items()}
    level, day, text = a["level"], a["evidence_date"], c["reason_text"]
    sign = f"RIGHT(TRIM({text}),1)"
    # TRIM alone would also shorten blanks inside the reason, so its last sign that is no blank is looked for.
    times = f'LEN({text})-LEN(SUBSTITUTE({text},{sign},""))'
    last = f"FIND(CHAR(1),SUBSTITUTE({text},{sign},CHAR(1),{times}))"
    return {
        "risk": f"={risk}",
        "target": f"=MAX(Target,IF({a['own_target']}=OwnTarget,OwnTarget,0))",
        "claims_na": f'=IF(UPPER(TRIM({_without_blanks(level)}))="{NA}",1,0)',
        "reason_text": f'=IF({c["claims_na"]}=1,{_without_blanks(a["reason"])},"")',
        "reason_length": f'=IF(TRIM({text})="",0,{last}-FIND(LEFT(TRIM({text}),1),{text})+1)',
        "na_accepted": (
            f"=IF(AND({c['claims_na']}=1,{c['reason_length']}>=ReasonMinimum,"
            f'TRIM({_without_blanks(a["approver"])})<>""),1,0)'
        ),
        "claimed": (
            f'=IF({c["claims_na"]}=1,"",IF(ISNUMBER({level}),'
            f'IF(COUNTIF(Levels,{level})=1,{level},""),""))'
        ),
        "dated": f"=IF(ISNUMBER({day}),1,0)",
        "age": f'=IF({c["dated"]}=1,IF(ISNUMBER(ReviewDate),INT(ReviewDate)-INT({day}),""),"")',
        "stale": f'=IF({c["age"]}="",0,IF({c["age"]}>{c["max_age"]},1,0))',
        "basis": (
            f'=IF({c["claimed"]}="",{NO_BASIS},IF(AND({c["claimed"]}>=DatedFrom,{c["dated"]}=0),{NO_EVIDENCE},'
            f"IF(AND({c['claimed']}>=RecentFrom,{c['stale']}=1),{STALE},{CLAIMED})))"
        ),
        "supported": (
            f'=IF({c["na_accepted"]}=1,"",IF({c["basis"]}={NO_BASIS},0,IF({c["basis"]}={NO_EVIDENCE},LevelWithout,'
            f"IF({c['basis']}={STALE},LevelStale,{c['claimed']}))))"
        ),
        "points": f'=IF({c["supported"]}="","",{c["weight"]}*MIN({c["supported"]},{c["target"]}))',
        "most": f'=IF({c["supported"]}="","",{c["weight"]}*{c["target"]})',
        "weighted": f'=IF({c["supported"]}="","",{c["weight"]}*{c["supported"]})',
        "gap": f'=IF({c["basis"]}={NO_BASIS},"",MAX(0,{c["target"]}-{c["supported"]}))',
        "critical_kind": (
            f'=IF({c["gap"]}="",0,IF(AND({c["gap"]}>0,{c["weight"]}=CriticalWeight,{c["supported"]}<=CriticalLevel),'
            f"IF({c['basis']}={NO_EVIDENCE},{NOT_EVIDENCED},{NOT_IN_PLACE}),0))"
        ),
        "finding": (
            f"=IF({c['na_accepted']}=1,{NOT_APPLICABLE},IF({c['basis']}={NO_BASIS},{UNANSWERED},"
            f"IF({c['critical_kind']}>0,{CRITICAL_GAP},IF({c['gap']}>0,{GAP},"
            f"IF({c['basis']}={STALE},{OBSERVATION},{CONFORMS})))))"
        ),
        "priority_score": (
            f'=IF({c["gap"]}="","",IF({c["gap"]}>0,{c["gap"]}*{c["weight"]}*{c["risk"]},""))'
        ),
        "priority": (
            f'=IF({c["priority_score"]}="","",MIN(COUNTIF(PriorityFrom,">"&{c["priority_score"]})+1,'
            f"IF({c['critical_kind']}>0,PriorityFloor,ROWS(PriorityFrom))))"
        ),
        "key": (
            f'=IF({c["priority"]}="","",((({c["priority"]}*2+IF({c["critical_kind"]}>0,0,1))*1000'
            f"+999-{c['priority_score']})*10+9-{c['weight']})*1000+ROW())"
        ),
        "order": f'=IF({c["key"]}="","",RANK({c["key"]},{calc_name("key")},1))',
        "check": _check(c, a),
    }  # fmt: skip


def _without_blanks(cell: str) -> str:
    """`cell` as text in which tabs, line breaks and no-break spaces are plain blanks."""
    for sign in ("CHAR(9)", "CHAR(10)", "CHAR(13)", '"\u00a0"'):
        cell = f'SUBSTITUTE({cell},{sign}," ")'
    return cell


def _check(c: dict[str, str], a: dict[str, str]) -> str:
    conditions = {
        "level": f'AND({a["level"]}<>"",{c["claims_na"]}=0,{c["claimed"]}="")',
        "na_incomplete": f"AND({c['claims_na']}=1,{c['na_accepted']}=0)",
        "date": f'AND({a["evidence_date"]}<>"",{c["dated"]}=0)',
        "target": f'AND({a["own_target"]}<>"",{a["own_target"]}<>OwnTarget)',
        "no_evidence": f"{c['basis']}={NO_EVIDENCE}",
        "stale": f"{c['basis']}={STALE}",
        "review_date": (
            f"AND({c['basis']}={CLAIMED},{c['claimed']}>=DatedFrom,{c['claimed']}<RecentFrom,{c['stale']}=1)"
        ),
        "after_review": f'AND({c["basis"]}<>{NO_BASIS},{c["age"]}<>"",{c["age"]}<0)',
        "manager": f"AND({c['na_accepted']}=1,{c['weight']}>=ManagerWeight)",
    }
    formula = "0"
    for number, name in reversed(list(enumerate(CHECKS, 1))):
        formula = f"IF({conditions[name]},{number},{formula})"
    return f"={formula}"


def answer_results(row: int, steps: str) -> dict[str, str]:
    """Column -> formula that shows the result beside the answer on `row`; `steps` is the sheet of the calculation."""
    c = {name: f"{steps}!${letter}{row}" for name, letter in CALCULATION_COLUMNS.items()}
    kind = f'IF({c["critical_kind"]}>0,": "&INDEX(KindWords,{c["critical_kind"]}),"")'
    return {
        "supported": f'=IF({c["basis"]}={NO_BASIS},"",{c["supported"]})',
        "gap": f"={c['gap']}",
        "points": f"={c['points']}",
        "most": f"={c['most']}",
        "finding": f"=INDEX(FindingWords,{c['finding']})&{kind}",
        "priority": f'=IF({c["priority"]}="","",INDEX(PriorityIds,{c["priority"]}))',
        "check": f'=IF({c["check"]}=0,"",INDEX(CheckWords,{c["check"]}))',
    }


def sums(group: str, key: str) -> dict[str, str]:
    """Whole numbers of a group (`chapter` or `domain`) whose code is `key`, without the equals sign."""
    one = f'{calc_name(group)},"{key}"'

    def add(column: str, *conditions: str) -> str:
        return f"SUMIFS({calc_name(column)},{','.join((one, *conditions))})"

    def count(column: str, value: int) -> str:
        return f"COUNTIFS({one},{calc_name(column)},{value})"

    return {
        "points": add("points"),
        "most": add("most"),
        "not_in_place": count("critical_kind", NOT_IN_PLACE),
        "not_evidenced": count("critical_kind", NOT_EVIDENCED),
        "gaps": count("finding", GAP),
        "observations": count("finding", OBSERVATION),
        "unanswered": count("finding", UNANSWERED),
        "not_applicable": count("finding", NOT_APPLICABLE),
        "count": f"COUNTIF({one})",
        "weight": add("weight", calc_name("na_accepted"), "0"),
        "weight_na": add("weight", calc_name("na_accepted"), "1"),
        "weighted": add("weighted"),
    }


def tenths(number: str, of: str, nothing: str, divisor: int) -> str:
    """`number` / `of` in tenths, halves up (guide.scoring.tenths), divided by `divisor` to be shown."""
    return f"IF({of}=0,{nothing},INT((20*{number}+{of})/(2*{of}))/{divisor})"


def attainment(points: str, most: str, nothing: str) -> str:
    """Points of their maximum, as a share with one decimal of per cent; empty without a review date."""
    return f'=IF(ISNUMBER(ReviewDate),{tenths(f"100*{points}", most, nothing, 1000)},"")'


def completeness(unanswered: str, count: str) -> str:
    """Answered and not applicable requirements of all."""
    return f"={tenths(f'100*({count}-{unanswered})', count, '0', 1000)}"


def weighted_level(weighted: str, weight: str, nothing: str) -> str:
    """Secondary figure, 0 to 4; empty without a review date."""
    return f'=IF(ISNUMBER(ReviewDate),{tenths(weighted, weight, nothing, 10)},"")'


def band(points: str, most: str, critical: str) -> str:
    """The word of the band of unrounded attainment, capped by any critical gap; empty without a review date."""
    place = f"SUMPRODUCT(--(BandFrom*{most}>100*{points}))+1"
    return f'=IF(OR({most}=0,NOT(ISNUMBER(ReviewDate))),"",INDEX(BandWords,MAX({place},IF({critical}>0,BandCap,1))))'


def check_scope(weight: str, weight_na: str, words: str) -> str:
    """`words` where too much of the weight of a chapter is not applicable."""
    return f'=IF(100*{weight_na}>ScopePercent*({weight}+{weight_na}),"{words}","")'
