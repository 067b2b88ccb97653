"""Everything that members may notice when it changes, in any version of the guide.

Enters: a folder with docs/ and data/, of today or unpacked from an earlier revision, and the interface words of today.
Leaves: an Entry for every pair of texts, by its name, with its sentences in both languages and its facts; and the files
that today's program cannot read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from guide.changes_model import FOLDER, Changes, Kind
from guide.facts import Fact, Vocabulary, facts, named_fact
from guide.figures.model import Figure
from guide.load import FOLDERS, SINGLE_FILES, read_yaml
from guide.model import (
    LANGUAGES,
    Case,
    Chapter,
    Interface,
    Lang,
    Reference,
    Requirement,
    Term,
    Text,
    Training,
)
from guide.pages import TOP, Page, opening, read_page, sentences
from guide.paper.shown import PARTS
from guide.plain_files import written
from guide.problems import Stop, relative
from guide.translation import items, model_from, texts


@dataclass(frozen=True)
class Entry:
    """One item: what it is called, where it stands, and what it says, a sentence a line."""

    item: str
    kind: Kind
    title: Text
    page: str | None
    en: tuple[str, ...]
    es: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    retired: Text | None = None

    def side(self, lang: Lang) -> tuple[str, ...]:
        """The sentences of one language."""
        return self.en if lang == "en" else self.es


def entries(root: Path, words: Vocabulary) -> tuple[dict[str, Entry], list[str]]:
    """(entries by name, in the order of the guide; files that cannot be read)."""
    found: dict[str, Entry] = {}
    unread: list[str] = []

    def attempt(step: Callable[[], Iterator[Entry]], file: str) -> None:
        try:
            found.update({entry.item: entry for entry in step()})
        except (Stop, FileNotFoundError):
            unread.append(file)

    models: dict[str, BaseModel] = {}
    for path in _data_files(root):
        file = relative(path, root)
        try:
            models[file] = model_from(read_yaml(path, root))
        except (Stop, FileNotFoundError):
            unread.append(file)
    named = {item: value for model in models.values() for item, value in items(model)}
    chapters = {item.removeprefix("chapter:"): value for item, value in named.items() if isinstance(value, Chapter)}
    for file, model in models.items():
        attempt(partial(_of_data, model, chapters, words), file)
    for path in written(root / "docs" / "en", "**/*.md"):
        name = path.relative_to(root / "docs" / "en").as_posix()
        attempt(partial(_of_page, root, name, named, words), f"docs/*/{name}")
    return found, unread


def _data_files(root: Path) -> Iterator[Path]:
    """Every file of data/ that holds pairs, chapters first; one that the guide did not have then is passed over."""
    single = [root / "data" / f"{name}.yml" for name in sorted(SINGLE_FILES, key=lambda name: name != "chapters")]
    yield from (path for path in single if path.exists() or path.stem == "chapters")
    for folder in (*(f"data/{name}" for name in FOLDERS), "data/figures", FOLDER):
        yield from written(root / folder, "*.yml")


def _of_data(model: BaseModel, chapters: dict[str, Chapter], words: Vocabulary) -> Iterator[Entry]:
    for item, value in items(model):
        english, spanish = (tuple(texts(value, lang)) for lang in LANGUAGES)
        make = partial(Entry, item, en=english, es=spanish, facts=tuple(facts(_with_facts(model, item, value), words)))
        code = item[:2] if isinstance(value, Requirement) else getattr(model, "chapter", "")
        chapter = chapters.get(code)
        page = f"chapters/{chapter.slug}/" if chapter else None
        kind, _, name = item.partition(":")
        if isinstance(value, Requirement):
            retired = value.retired.reason if value.retired else None
            yield make("requirement", value.text, f"{page}#{item}" if page else None, retired=retired)
        elif isinstance(model, Training):
            group, word = PARTS[item.partition("#")[2]]
            yield make("session", _below(chapter, code, words, group, word), f"{page}#train-it" if page else None)
        elif kind == "checklists":
            yield make("checklist", _below(chapter, code, words, "changes_titles", "bring"), page)
        elif isinstance(value, Chapter):
            yield make("chapter", value.title, f"chapters/{value.slug}/")
        elif isinstance(value, Case):
            yield make("case", value.title, f"cases/#{value.id}")
        elif isinstance(value, Reference):
            yield make("reference", value.short, f"references/#{value.id}")
        elif isinstance(value, Term):
            yield make("term", value.term, f"glossary/#{value.id}")
        elif isinstance(value, Figure):
            slug = chapters[value.chapters[0]].slug if value.chapters[0] in chapters else None
            yield make("figure", value.title, f"chapters/{slug}/" if slug else None)
        elif isinstance(model, Interface):
            yield make("words", _called(words, "changes_titles", "words"), None)
        elif isinstance(model, Changes):
            yield make("bulletin", Text(en=f"Bulletin {name}", es=f"Boletín {name}"), "changes/")
        else:
            yield make("rules", _called(words, "changes_titles", kind), None)


def _with_facts(model: BaseModel, item: str, value: object) -> object:
    """What facts are looked for in: who is in the room belongs to what is brought there."""
    if item.startswith("checklists:"):
        return model.model_copy(update={"requirements": ()})
    return value


def _called(words: Vocabulary, group: str, word: str) -> Text:
    return Text(en=words["en"][group][word], es=words["es"][group][word])


def _below(chapter: Chapter | None, code: str, words: Vocabulary, group: str, word: str) -> Text:
    """A part of a chapter: its title, and what the part is called."""
    part = _called(words, group, word)
    title = chapter.title if chapter else Text(en=code, es=code)
    return Text(en=f"{title.en}: {part.en}", es=f"{title.es}: {part.es}")


def _of_page(root: Path, name: str, named: dict[str, object], words: Vocabulary) -> Iterator[Entry]:
    sides: dict[Lang, Page] = {lang: read_page(root / "docs" / lang / name, lang, root) for lang in LANGUAGES}
    heads = {lang: {h.id: h.text for h in page.headings if h.level == 2} for lang, page in sides.items()}
    spanish = {section.id: section for section in sides["es"].sections}
    address = name.removesuffix("index.md") or "./" if name.endswith("index.md") else f"{name.removesuffix('.md')}/"
    for section in sides["en"].sections:
        if section.id not in spanish:
            continue
        title = {lang: str(page.meta.get("title")) for lang, page in sides.items()}
        if section.id:
            title = {lang: f"{title[lang]}: {heads[lang].get(section.id, section.id)}" for lang in sides}
        written: dict[Lang, str] = {"en": section.text, "es": spanish[section.id].text}
        lines = {
            lang: (
                *(() if section.id else (row for row in opening(sides[lang].meta, "").split("\n") if row)),
                *sentences(text, partial(_label, named, lang)),
            )
            for lang, text in written.items()
        }
        page = f"{address}#{section.id}" if section.id else address
        access = () if section.id else (named_fact("access", _readers(sides), words),)
        yield Entry(f"{name}#{section.id or TOP}", "section", Text(**title), page, lines["en"], lines["es"], access)


def _readers(sides: dict[Lang, Page]) -> str:
    """Who may read a page; one that is public in one language only is a problem of its own."""
    return " / ".join(dict.fromkeys(str(page.meta.get("access")) for page in sides.values()))


def _label(named: dict[str, object], lang: Lang, macro: str, item: str) -> str:
    """What a macro shows in a sentence: the term, the short title of a document, the id of a requirement."""
    value = named.get({"ref": f"reference:{item}", "term": f"term:{item}"}.get(macro, ""))
    match value:
        case Reference():
            return value.short[lang]
        case Term():
            return value.term[lang]
    return item if macro == "requirement" else ""  # a case or a checklist is an item of its own
