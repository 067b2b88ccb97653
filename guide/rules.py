"""What must be true across files; one rule, one small function that yields Problems.

Enters: the loaded guide and the pages of both languages. Leaves: Problems, each naming the rule that found it.
A rule's name is its heading in CONTRIBUTING and its folder in tests/cases/rules/.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from guide.confirmations import Confirmed
from guide.guide import Guide
from guide.load import Loaded, Place, look_alikes
from guide.model import LANGUAGES, Lang
from guide.pages import COMPUTED, Call, Page, resolved
from guide.problems import Problem
from guide.translation import Pair

Pages = Mapping[Lang, Mapping[str, Page]]

#: Macros that a page may call, with the kinds of their arguments; the last of `ref` and `term` may be left out.
MACROS: dict[str, tuple[str, ...]] = {
    "checklist": ("chapter",),
    "training": ("chapter",),
    "case": ("case",),
    "ref": ("reference", "words?"),
    "term": ("term", "words?"),
    "requirement": ("requirement",),
    "figure": ("figure",),
    "references": (),
    "glossary_list": (),
    "reference_list": (),
    "case_list": (),
    "chapter_list": (),
    "home": (),
    "assessment": (),
    "report": (),
    "planner": (),
    "fingerprint_check": (),
    "fast_entry": (),
    "downloads": (),
    "changes": (),
}

#: Sections that every chapter has, in this order, with the chapter's own practice sections in between.
FIRST_SECTIONS = ("in-brief", "why-it-matters")
LAST_SECTIONS = (
    "small-site-large-site",
    "working-with-others",
    "how-well-are-we-doing",
    "train-it",
    "related-references",
)


HEADING_ID_FORM = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Subject:
    """What the rules look at: `root` of the project, the loaded guide, both languages' pages, published ids."""

    root: Path
    loaded: Loaded
    pages: Pages
    figures: Mapping[str, tuple[str, ...]]
    """Figures by id, with the codes of their chapters."""
    published: Mapping[str, int]
    """Ids of requirements and cases in data/ids.txt with their line."""
    pairs: tuple[Pair, ...] = ()
    """Every text of the guide in both languages."""
    confirmed: Confirmed = field(default_factory=dict)
    """The lines of data/confirmed.tsv."""

    @property
    def guide(self) -> Guide:
        """The guide itself."""
        return self.loaded.guide

    def place(self, item: str) -> Place:
        """Where an id stands."""
        return self.loaded.places.get(item, Place("data", 0))

    def problem(self, item: str, what: str, remedy: str) -> Problem:
        """A problem at the place of an id."""
        place = self.place(item)
        return Problem(place.file, place.line, item.rpartition(":")[2], what, remedy)

    def both(self) -> Iterator[tuple[Page, Page]]:
        """Pairs of pages that exist in both languages."""
        for name, page in self.pages["en"].items():
            if other := self.pages["es"].get(name):
                yield page, other

    def every_page(self) -> Iterator[Page]:
        """All pages, English first."""
        for lang in LANGUAGES:
            yield from self.pages[lang].values()


Rule = Callable[[Subject], Iterator[Problem]]


def requirement_in_its_chapter(subject: Subject) -> Iterator[Problem]:
    """A requirement's id begins with the code of its chapter."""
    for code, checklist in subject.guide.checklists.items():
        for requirement in checklist.requirements:
            if not requirement.id.startswith(code + "-"):
                yield subject.problem(
                    requirement.id,
                    f"This requirement stands in the checklist of {code}.",
                    f"Give it an id that begins with {code}-, or move it to its own chapter.",
                )


def file_of_its_chapter(subject: Subject) -> Iterator[Problem]:
    """A checklist or training file is named after the chapter that it belongs to."""
    slugs = {chapter.code: chapter.slug for chapter in subject.guide.chapters}
    for kind, entries in (("checklists", subject.guide.checklists), ("training", subject.guide.training)):
        for code in entries:
            item = f"{kind}:{code}"
            if code not in slugs:
                yield subject.problem(item, f"There is no chapter {code}.", "Use a code of data/chapters.yml.")
            elif Path(subject.place(item).file).stem != slugs[code]:
                yield subject.problem(
                    item, f"This file belongs to {code}.", f"Rename it to data/{kind}/{slugs[code]}.yml."
                )


def file_of_every_chapter(subject: Subject) -> Iterator[Problem]:
    """Every chapter of data/chapters.yml has its checklist and its training session."""
    for file in missing_files(subject.guide, subject.pages, subject.figures):
        if file.startswith(("data/checklists/", "data/training/")) and not (subject.root / file).is_file():
            yield Problem(file, 0, "", "This file of a chapter is missing.", "Bring it back from the last version.")


def id_published(subject: Subject) -> Iterator[Problem]:
    """The id of each requirement and case stands in data/ids.txt, so that it is never used again for something else."""
    for name in (*subject.guide.requirements, *(f"case:{case}" for case in subject.guide.cases)):
        item = name.removeprefix("case:")
        if item not in subject.published:
            problem = subject.problem(name, "This id is not in data/ids.txt.", f"Add a line {item} at its place.")
            yield replace(problem, fixable=True)


def id_kept(subject: Subject) -> Iterator[Problem]:
    """A requirement that was ever published is still there: in force, or retired with a reason."""
    away = texts_away(subject.guide, subject.pages, subject.figures)
    for item, line in subject.published.items():
        if "-" in item and item not in subject.guide.requirements and not item.startswith(away):
            yield Problem(
                "data/ids.txt", line, item, "This requirement was published and is no longer in its checklist.",
                "Bring it back with `retired:` (edition, reason, replaced_by), for ids are for ever; or, if it stood "
                "in no edition yet, delete this line.",
            )  # fmt: skip


def replacement_exists(subject: Subject) -> Iterator[Problem]:
    """A retired requirement is replaced by requirements that are in force."""
    known = subject.guide.requirements
    for item, requirement in known.items():
        for other in requirement.retired.replaced_by if requirement.retired else ():
            if other not in known or known[other].retired:
                yield subject.problem(
                    item, f"It is replaced by {other}, which is not in force.", "Name a requirement in force."
                )


def reference_defined(subject: Subject) -> Iterator[Problem]:
    """A requirement cites documents that stand in data/references.yml and cases that stand in data/cases.yml."""
    for item, requirement in subject.guide.requirements.items():
        for citation in requirement.references:
            if citation.id not in subject.guide.references:
                yield subject.problem(
                    item, f"It cites the document `{citation.id}`, which is not defined.",
                    "Correct the id, or add the document to data/references.yml.",
                )  # fmt: skip
        for case in requirement.cases:
            if case not in subject.guide.cases:
                yield subject.problem(
                    item, f"It cites the case {case}, which is not defined.",
                    "Correct the id, or add the case to data/cases.yml.",
                )  # fmt: skip


def session_of_sixty_minutes(subject: Subject) -> Iterator[Problem]:
    """The plan of a training session adds up to sixty minutes."""
    for code, training in subject.guide.training.items():
        total = sum(step.minutes for step in training.plan)
        if total != 60:
            yield subject.problem(
                f"training:{code}", f"The plan adds up to {total} minutes.", "Change the steps until they make 60."
            )


def quiz_answer_exists(subject: Subject) -> Iterator[Problem]:
    """A quiz answer is the number of one of its options."""
    for code, training in subject.guide.training.items():
        for number, question in enumerate(training.quiz, 1):
            if question.answer > len(question.options):
                yield subject.problem(
                    f"training:{code}", f"Question {number} has {len(question.options)} options and the answer "
                    f"{question.answer}.", "Write the number of the right option, counted from 1.",
                )  # fmt: skip


def edition_dates(subject: Subject) -> Iterator[Problem]:
    """An edition is valid for some time after its day."""
    edition = subject.guide.edition
    if edition.valid_until <= edition.date:
        yield Problem(
            "data/edition.yml", 0, edition.edition, f"It is of {edition.date} and valid until {edition.valid_until}.",
            "Write a later day in `valid_until`.",
        )  # fmt: skip


def page_in_both_languages(subject: Subject) -> Iterator[Problem]:
    """A page exists in English and in Spanish under the same file name."""
    for lang, other, name_of in (("en", "es", "Spanish"), ("es", "en", "English")):
        for name, page in subject.pages[lang].items():  # type: ignore[index]
            if name not in subject.pages[other]:  # type: ignore[index]
                yield Problem(
                    page.file, 0, "", f"This page has no {name_of} side.",
                    f"Write docs/{other}/{name} with the same headings, or bring it back from the last version; "
                    "a page that is not wanted goes on both sides.",
                )  # fmt: skip


def page_of_every_chapter(subject: Subject) -> Iterator[Problem]:
    """Every chapter of data/chapters.yml has its page, and no other page stands among the chapters."""
    slugs = {chapter.slug for chapter in subject.guide.chapters}
    for lang in LANGUAGES:
        there = {page.slug for page in subject.pages[lang].values() if page.is_chapter}
        for slug in sorted(slugs - there):
            yield Problem(
                f"docs/{lang}/chapters/{slug}.md", 0, "", "This chapter has no page.",
                "Write it, or bring it back from the last version.",
            )  # fmt: skip
        for slug in sorted(there - slugs):
            yield Problem(
                f"docs/{lang}/chapters/{slug}.md", 0, "", "No chapter has this name.",
                "Add the chapter to data/chapters.yml, or rename the file.",
            )  # fmt: skip


def title_of_chapter(subject: Subject) -> Iterator[Problem]:
    """A chapter page carries the title of data/chapters.yml, in its front matter and as its only first heading."""
    titles = {chapter.slug: chapter.title for chapter in subject.guide.chapters}
    for page in subject.every_page():
        if not page.is_chapter or page.slug not in titles:
            continue
        wanted = titles[page.slug][page.lang]
        if page.meta.get("title") != wanted:
            yield Problem(page.file, 2, "", f"The title is {page.meta.get('title')!r}.", f"Write title: {wanted}.")
        for heading in [h for h in page.headings if h.level == 1 and h.text != wanted]:
            yield Problem(page.file, heading.line, "", f"The first heading is “{heading.text}”.", f"Write # {wanted}.")


def front_matter_complete(subject: Subject) -> Iterator[Problem]:
    """A page says its title, its summary and who may read it (`access: public` or `access: member`)."""
    for page in subject.every_page():
        for name in ("title", "summary", "access"):
            if not page.meta.get(name):
                yield Problem(page.file, 2, "", f"The front matter has no `{name}`.", f"Add `{name}:`.")
        if page.meta.get("access") not in ("public", "member", None):
            yield Problem(
                page.file, 2, "", f"`access` is {page.meta['access']!r}.", "Write access: member, or access: public."
            )


def access_equal(subject: Subject) -> Iterator[Problem]:
    """Both sides of a page are for the same readers: a page may not be public in one language only."""
    for page, other in subject.both():
        if page.meta.get("access") != other.meta.get("access"):
            yield Problem(
                other.file, 2, "",
                f"Access is {other.meta.get('access')} here and {page.meta.get('access')} in English.",
                "Give both sides the same access.",
            )  # fmt: skip


def heading_has_id(subject: Subject) -> Iterator[Problem]:
    """Every heading below the first has an explicit id, which links, translations and answers rely on."""
    for page in subject.every_page():
        seen: set[str] = set()
        for heading in page.headings:
            if heading.level == 1:
                continue
            if not heading.id:
                yield Problem(
                    page.file, heading.line, "", f"The heading “{heading.text}” has no id.",
                    "End the line with {#english-words-with-hyphens}, the same in both languages.",
                )  # fmt: skip
            elif not HEADING_ID_FORM.fullmatch(heading.id):
                yield Problem(
                    page.file, heading.line, heading.id, "This id has a character that links cannot rely on.",
                    f"{look_alikes(heading.id)}Use small letters without accents, digits and hyphens.",
                )  # fmt: skip
            elif heading.id in seen:
                yield Problem(page.file, heading.line, heading.id, "This id stands twice.", "Give one another id.")
            seen.add(heading.id)


def heading_order(subject: Subject) -> Iterator[Problem]:
    """Headings go down one level at a time, so that the outline can be followed by ear."""
    for page in subject.every_page():
        level = 1
        for heading in page.headings:
            if heading.level > level + 1:
                yield Problem(
                    page.file, heading.line, heading.id, f"The heading jumps from level {level} to {heading.level}.",
                    f"Write it with {'#' * (level + 1)}.",
                )  # fmt: skip
            level = heading.level


def headings_equal(subject: Subject) -> Iterator[Problem]:
    """Both sides of a page have the same headings: same ids, same levels, same order."""
    for page, other in subject.both():
        ours = [(h.level, h.id) for h in page.headings if h.id]
        theirs = [(h.level, h.id) for h in other.headings if h.id]
        if ours == theirs:
            continue
        for side, mine, yours, lang in ((page, ours, theirs, "Spanish"), (other, theirs, ours, "English")):
            for place, (level, name) in enumerate(mine):
                if (level, name) in yours:
                    continue
                line = next(h.line for h in side.headings if h.id == name)
                remedy = f"Add it there with level {level}, or remove it here."
                if len(mine) == len(yours) and yours[place] not in mine:  # the same heading, renamed on one side
                    remedy = f"In its place stands {'#' * yours[place][0]} … {{#{yours[place][1]}}}: write both alike."
                yield Problem(side.file, line, name, f"The heading {{#{name}}} is not in the {lang} page.", remedy)
        if sorted(ours) == sorted(theirs):
            first = next(b for a, b in zip(ours, theirs, strict=True) if a != b)
            line = next(h.line for h in other.headings if h.id == first[1])
            yield Problem(
                other.file, line, first[1], "The headings stand in another order than in English.", "Use one order."
            )


def chapter_sections(subject: Subject) -> Iterator[Problem]:
    """A chapter has the sections of the content standard, with four to seven of its own between them."""
    for page in subject.every_page():
        if not page.is_chapter:
            continue
        ids = tuple(h.id for h in page.headings if h.level == 2)
        first, last = len(FIRST_SECTIONS), len(LAST_SECTIONS)
        missing = [name for name in FIRST_SECTIONS + LAST_SECTIONS if name not in ids]
        if missing:
            yield Problem(
                page.file, 0, "", f"Sections are missing: {', '.join(missing)}.", "Add each with its heading id."
            )
        elif ids[:first] != FIRST_SECTIONS or ids[-last:] != LAST_SECTIONS:
            yield Problem(
                page.file, 0, "", "The fixed sections stand in another order.",
                f"Begin with {', '.join(FIRST_SECTIONS)}; end with {', '.join(LAST_SECTIONS)}.",
            )  # fmt: skip
        elif not 4 <= len(ids) - first - last <= 7:
            yield Problem(
                page.file, 0, "", f"There are {len(ids) - first - last} practice sections.", "Write four to seven."
            )


def macro_known(subject: Subject) -> Iterator[Problem]:
    """A page calls only the macros of this guide, with arguments that exist."""
    for page in subject.every_page():
        for call in page.calls:
            yield from _check_call(page, call, subject)


def _check_call(page: Page, call: Call, subject: Subject) -> Iterator[Problem]:
    if call.name == COMPUTED:
        yield Problem(
            page.file, call.line, "", "Something else than a macro with plain arguments stands here.",
            'Write {{ name("argument") }} and nothing else between braces.',
        )  # fmt: skip
        return
    if call.name not in MACROS:
        yield Problem(
            page.file, call.line, "", f"The macro `{call.name}` is not known.",
            f"Use one of: {', '.join(_writers_macros())}.",
        )  # fmt: skip
        return
    kinds = MACROS[call.name]
    needed = [kind for kind in kinds if not kind.endswith("?")]
    if not len(needed) <= len(call.arguments) <= len(kinds):
        yield Problem(
            page.file, call.line, "", f"`{call.name}` has {len(call.arguments)} arguments.",
            f"Write {call.name}({', '.join(f'<{kind}>' for kind in kinds)}).",
        )  # fmt: skip
        return
    guide = subject.guide
    known: dict[str, Any] = {
        "chapter": {chapter.code for chapter in guide.chapters}, "case": guide.cases, "reference": guide.references,
        "term": guide.terms, "requirement": guide.requirements, "figure": subject.figures,
    }  # fmt: skip
    for kind, argument in zip(kinds, call.arguments, strict=False):
        if kind in known and argument not in known[kind]:
            yield Problem(
                page.file, call.line, str(argument), f"There is no {kind} `{argument}`.",
                f"{look_alikes(str(argument))}Correct it, or add the {kind} to the data first.",
            )  # fmt: skip


def _writers_macros() -> list[str]:
    return [name for name, kinds in MACROS.items() if kinds] + ["references"]


def macro_calls_equal(subject: Subject) -> Iterator[Problem]:
    """Both sides of a page call the same macros on the same items (other words for a term are free)."""
    for page, other in subject.both():
        ours, theirs = (
            Counter((c.name, c.arguments[:1]) for c in side.calls if c.name != COMPUTED) for side in (page, other)
        )
        for side, more, lang in ((page, ours - theirs, "Spanish"), (other, theirs - ours, "English")):
            for name, arguments in more:
                line = next(c.line for c in side.calls if (c.name, c.arguments[:1]) == (name, arguments))
                written = f"{name}({', '.join(repr(a) for a in arguments)})"
                yield Problem(
                    side.file, line, str(arguments[0]) if arguments else "", f"{written} is not in the {lang} page.",
                    "Call it there too, or remove it here.",
                )  # fmt: skip


def checklist_embedded(subject: Subject) -> Iterator[Problem]:
    """A chapter embeds its own checklist, its own training session and the list of its references, once each."""
    codes = {chapter.slug: chapter.code for chapter in subject.guide.chapters}
    for page in subject.every_page():
        if not page.is_chapter or page.slug not in codes:
            continue
        code = codes[page.slug]
        for name, arguments in (("checklist", (code,)), ("training", (code,)), ("references", ())):
            found = [call for call in page.calls if call.name == name]
            if [call.arguments for call in found] != [arguments]:
                written = f"{name}({', '.join(repr(a) for a in arguments)})"
                yield Problem(
                    page.file, found[0].line if found else 0, code, f"{{{{ {written} }}}} should stand here once.",
                    "Write it once, with this chapter's code.",
                )  # fmt: skip


def link_leads_somewhere(subject: Subject) -> Iterator[Problem]:
    """A link to another page of the guide, and to a heading in it, leads to something that exists."""
    for page in subject.every_page():
        for link in page.links:
            target, _, anchor = link.target.partition("#")
            if "://" in target or target.startswith("mailto:") or link.image:
                continue
            name = page.name if not target else resolved(page.name, target)
            other = subject.pages[page.lang].get(name)
            if other is None:
                yield Problem(
                    page.file, link.line, "", f"The link to {link.target} leads nowhere.",
                    "Write the path from this file to the other Markdown file.",
                )  # fmt: skip
            elif anchor and anchor not in {h.id for h in other.headings} | set(subject.guide.requirements):
                yield Problem(
                    page.file, link.line, "", f"There is no heading {{#{anchor}}} in {other.file}.",
                    "Use an id that stands there.",
                )  # fmt: skip


def image_has_alternative(subject: Subject) -> Iterator[Problem]:
    """An image has a text alternative."""
    for page in subject.every_page():
        for link in page.links:
            if link.image and not link.text.strip():
                yield Problem(
                    page.file, link.line, "", f"The image {link.target} has no text alternative.",
                    "Write what it shows between the square brackets.",
                )  # fmt: skip


def every_item_used(subject: Subject) -> Iterator[Problem]:
    """A case or document that is defined is cited somewhere; a reader would otherwise meet it without a reason."""
    cited: dict[str, set[object]] = {"case": set(), "ref": set()}
    for page in subject.every_page():
        for call in page.calls:
            if call.name in cited and call.arguments:
                cited[call.name].add(call.arguments[0])
    for requirement in subject.guide.requirements.values():
        cited["ref"] |= {citation.id for citation in requirement.references}
        cited["case"] |= set(requirement.cases)
    for kind, name, defined in (
        ("case", "case", subject.guide.cases),
        ("ref", "reference", subject.guide.references),
    ):
        for item in defined:
            if item not in cited[kind]:
                yield subject.problem(
                    f"{name}:{item}", f"This {name} is cited nowhere.", "Cite it where it belongs, or delete it."
                )


def figure_used(subject: Subject) -> Iterator[Problem]:
    """A figure stands on a page, once, and names chapters that exist."""
    codes = {chapter.code for chapter in subject.guide.chapters}
    shown = Counter(
        call.arguments[0] for page in subject.pages["en"].values() for call in page.calls if call.name == "figure"
    )
    for item, chapters in subject.figures.items():
        file = f"data/figures/{item}.yml"
        for code in chapters:
            if code not in codes:
                yield Problem(file, 0, item, f"There is no chapter {code}.", "Use codes of data/chapters.yml.")
        if not shown[item]:
            yield Problem(
                file, 0, item, "No page shows this figure.", f'Write {{{{ figure("{item}") }}}} where it helps.'
            )
    for page in subject.every_page():
        twice = Counter(call.arguments[:1] for call in page.calls if call.name == "figure")
        for arguments, times in twice.items():
            if times > 1:
                yield Problem(page.file, 0, str(arguments[0]), "The figure stands twice on this page.", "Keep one.")


#: In the order in which an editor should mend them.
RULES: tuple[Rule, ...] = (
    file_of_its_chapter,
    file_of_every_chapter,
    requirement_in_its_chapter,
    id_published,
    id_kept,
    replacement_exists,
    reference_defined,
    session_of_sixty_minutes,
    quiz_answer_exists,
    edition_dates,
    page_in_both_languages,
    page_of_every_chapter,
    front_matter_complete,
    title_of_chapter,
    access_equal,
    heading_has_id,
    heading_order,
    headings_equal,
    chapter_sections,
    macro_known,
    macro_calls_equal,
    checklist_embedded,
    link_leads_somewhere,
    image_has_alternative,
    every_item_used,
    figure_used,
)


def apply(subject: Subject, rules: tuple[Rule, ...] = RULES) -> list[Problem]:
    """All problems that the rules find, sorted by place; each carries its rule's name with hyphens."""
    found = [replace(problem, rule=rule.__name__.replace("_", "-")) for rule in rules for problem in rule(subject)]
    return sorted(set(found))


def missing_files(guide: Guide, pages: Pages, figures: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Files that the guide needs and does not have, each with the beginnings of the names of the texts in it."""
    found: dict[str, tuple[str, ...]] = {}
    for chapter in guide.chapters:
        code, slug = chapter.code, chapter.slug
        if code not in guide.checklists:
            found[f"data/checklists/{slug}.yml"] = (f"{code}-", f"checklists:{code}")
        if code not in guide.training:
            found[f"data/training/{slug}.yml"] = (f"training:{code}#",)
        for lang in LANGUAGES:
            if f"chapters/{slug}.md" not in pages[lang]:
                found[f"docs/{lang}/chapters/{slug}.md"] = (f"chapters/{slug}.md#",)
    for call in [call for side in pages.values() for page in side.values() for call in page.calls]:
        if call.name == "figure" and call.arguments and call.arguments[0] not in figures:
            found[f"data/figures/{call.arguments[0]}.yml"] = (f"figure:{call.arguments[0]}",)
    return found


def texts_away(guide: Guide, pages: Pages, figures: Collection[str]) -> tuple[str, ...]:
    """The beginnings of the names of texts that are only away, with their file: what is known of them is kept."""
    return tuple(name for names in missing_files(guide, pages, figures).values() for name in names)
