"""The words of a report in one language.

Enters: the words of data/report.yml and data/interface.yml, the rules with their labels, the catalogue's names.
Leaves: figures, days and labels as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from guide.assessment_file import RefusedError
from guide.load import fit, read_yaml
from guide.marks import from_data, told
from guide.model import Interface, Lang, Text
from guide.readiness import Criterion
from guide.report.catalogue import Catalogue
from guide.report.reading import Reading
from guide.report.strangers import one_line
from guide.result import Row
from guide.scoring_model import PriorityClass, Scoring, TargetId

FILES = ("interface", "report")


def read_words(root: Path) -> Interface:
    """All words that a report uses, from `root`/data. Raises Stop for a file that is missing or wrong."""
    groups: dict[str, dict[str, Text]] = {}
    for name in FILES:
        groups |= fit(Interface, read_yaml(root / "data" / f"{name}.yml", root)).root
    return Interface(groups)


def refusal(error: RefusedError, words: Interface, lang: Lang) -> str:
    """One sentence that says why a file was not opened."""
    sentence = words.root["refused"][error.reason.value][lang]
    return sentence.format(file=one_line(error.file), detail=one_line(error.detail))


class Wording:
    """Puts figures into words in `lang`."""

    def __init__(self, words: Interface, catalogue: Catalogue, lang: Lang) -> None:
        self.lang: Lang = lang
        self.words = words.words(lang)
        self.rules: Scoring = catalogue.scoring
        self.catalogue = catalogue

    def number(self, value: float | None) -> str:
        """With one decimal, or what stands where there is none."""
        if value is None:
            return self.words["numbers"]["none"]
        return f"{value:.1f}".replace(".", self.words["numbers"]["decimal"])

    def percent(self, value: float | None) -> str:
        """A percentage with one decimal."""
        return (
            self.number(value) if value is None else self.words["numbers"]["percent"].format(value=self.number(value))
        )

    def change(self, value: float) -> str:
        """A difference with its sign."""
        sign = {True: "+", False: "−"}[value > 0] if round(value, 1) else "±"
        return sign + self.number(abs(value))

    def day(self, value: date) -> str:
        """A day in full."""
        month = self.words["numbers"][f"month_{value.month}"]
        return self.words["numbers"]["date"].format(day=value.day, month=month, year=value.year)

    def name(self, code: str) -> str:
        """Of a domain, chapter or phase; one that is out of step has the sign in front, where no column cuts it off."""
        if code in self.catalogue.names:
            return ("≠ " if code in self.catalogue.waiting else "") + self.catalogue.names[code][self.lang]
        return self.words["phases"][code]

    def behind(self, name: str) -> str:
        """Whether the two languages of a requirement (id), chapter (code) or other pair (its name) are out of step, as
        a sentence with its sign; empty where they are not."""
        behind = self.catalogue.waiting.get(name)
        return f"≠ {told(from_data(behind.state, behind.changed, self.lang), self.words)}" if behind else ""

    def unconfirmed(self) -> list[str]:
        """Titles, names and rules of this report that may not say what the other language says: a sentence each."""
        subjects = {chapter.code: chapter.title[self.lang] for chapter in self.catalogue.chapters}
        subjects["interface:domains"] = self.words["tables"]["domains"]
        subjects["scoring"] = self.words["sections"]["method"]
        return [f"{subject}: {said}" for name, subject in subjects.items() if (said := self.behind(name))]

    def finding(self, status: str) -> str:
        """Symbol and label of a result, always together."""
        found = next(finding for finding in self.rules.findings if finding.status == status)
        return f"{found.symbol} {found.label[self.lang]}"

    def symbol(self, status: str) -> str:
        """The symbol alone, for a column whose head says what it counts."""
        return next(finding.symbol for finding in self.rules.findings if finding.status == status)

    def kind(self, row: Row) -> str:
        """Which of the two ways led to a critical gap."""
        return next(kind.label[self.lang] for kind in self.rules.critical_gap.kinds if kind.kind == row.critical)

    def band(self, band: str | None) -> str:
        """Symbol and label of a band."""
        if band is None:
            return self.words["numbers"]["none"]
        found = next(step for step in self.rules.bands.scale if step.id == band)
        return f"{found.symbol} {found.label[self.lang]}"

    def level(self, level: int | None) -> str:
        """Number and label of a level."""
        return (
            self.words["numbers"]["none"] if level is None else f"{level} {self.rules.levels[level].label[self.lang]}"
        )

    def reason(self, row: Row) -> str:
        """Why a level is supported."""
        return next(basis.reason[self.lang] for basis in self.rules.bases if basis.basis == row.basis)

    def priority(self, id_: str) -> PriorityClass:
        """A class of urgency."""
        return next(step for step in self.rules.priority.classes if step.id == id_)

    def target(self, level: int) -> str:
        """Name and number of a target."""
        target = next(target for target in self.rules.targets if target.level == level)
        return f"{target.label[self.lang]} ({level})"

    def ready(self, target: TargetId) -> str:
        """What a readiness is called."""
        return next(rule.label[self.lang] for rule in self.rules.readiness.rules if rule.target == target)

    def criterion(self, criterion: Criterion) -> str:
        """A criterion of readiness as a sentence, with its threshold."""
        words = getattr(self.rules.readiness.criteria, criterion.id)[self.lang]
        return str(words).format(value=criterion.needed)

    def state(self, state: str) -> str:
        """A step of the workflow."""
        return next(words.label[self.lang] for words in self.rules.review.states if words.state == state)

    def evidence_type(self, kind: str) -> str:
        """A kind of evidence."""
        return next(words.label[self.lang] for words in self.rules.evidence.types if words.type == kind)

    def site(self, reading: Reading) -> str:
        """The name of a site, or a stand-in."""
        return one_line(reading.assessment.site) or self.words["cover"]["unnamed"]

    def labels(self, readings: Iterable[Reading]) -> tuple[str, ...]:
        """Short names that tell readings apart: the site, with date and file only where needed."""
        readings = tuple(readings)
        labels = [self.site(one) for one in readings]
        details = ([one.assessment.review_date.isoformat() for one in readings], [one.opened.file for one in readings])
        for detail in details:
            doubled = {label for label in labels if labels.count(label) > 1}
            labels = [
                f"{label}, {one_line(more)}" if label in doubled else label
                for label, more in zip(labels, detail, strict=True)
            ]
        return tuple(labels)
