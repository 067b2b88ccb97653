"""Everything that members may notice when it changes, in any version of the guide.

Enters: a folder with docs/ and data/, of today or unpacked from an earlier revision. Leaves: entries by name with their
sentences in both languages, and the files that today's program cannot read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel

from guide.changes_model import Kind
from guide.figures.load import figure_of
from guide.figures.model import Figure
from guide.load import fit, model_of, read_yaml
from guide.model import LANGUAGES, Case, Chapter, Lang, Reference, Requirement, Term, Text, Training
from guide.pages import TOP, Page, read_page, sentences
from guide.problems import Stop, relative
from guide.translation import items, texts

FILES = ("checklists/*.yml", "training/*.yml", "figures/*.yml", "cases.yml", "references.yml", "glossary.yml")


@dataclass(frozen=True)
class Entry:
    """One item: what it is called, where it stands, and what it says, a sentence a line."""

    item: str
    kind: Kind
    title: Text
    page: str | None
    en: tuple[str, ...]
    es: tuple[str, ...]
    retired: Text | None = None


def entries(root: Path) -> tuple[dict[str, Entry], list[str]]:
    """(entries by name, in the order of the guide; files that cannot be read)."""
    found: dict[str, Entry] = {}
    unread: list[str] = []

    def attempt(step: Callable[[], Iterator[Entry]], file: str) -> None:
        try:
            found.update({entry.item: entry for entry in step()})
        except (Stop, FileNotFoundError):
            unread.append(file)

    models: dict[str, BaseModel] = {}
    for path in [root / "data" / "chapters.yml", *(p for form in FILES for p in sorted((root / "data").glob(form)))]:
        file = relative(path, root)
        try:
            source = read_yaml(path, root)
            kind = model_of(file)
            models[file] = fit(kind, source) if kind else figure_of(source)
        except (Stop, FileNotFoundError):
            unread.append(file)
    named = {item: value for model in models.values() for item, value in items(model)}
    chapters = {item.removeprefix("chapter:"): value for item, value in named.items() if isinstance(value, Chapter)}
    for file, model in models.items():
        attempt(partial(_of_data, model, chapters), file)
    for path in sorted((root / "docs" / "en").rglob("*.md")):
        name = path.relative_to(root / "docs" / "en").as_posix()
        attempt(partial(_of_page, root, name, named), f"docs/*/{name}")
    return found, unread


def _of_data(model: BaseModel, chapters: dict[str, Chapter]) -> Iterator[Entry]:
    for item, value in items(model):
        english, spanish = (tuple(texts(value, lang)) for lang in LANGUAGES)
        make = partial(Entry, item, en=english, es=spanish)
        code = item[:2] if isinstance(value, Requirement) else getattr(model, "chapter", "")
        chapter = chapters.get(code)
        page = f"chapters/{chapter.slug}/" if chapter else None
        if isinstance(value, Requirement):
            retired = value.retired.reason if value.retired else None
            yield make("requirement", value.text, f"{page}#{item}" if page else None, retired=retired)
        elif isinstance(model, Training) and chapter:
            part = item.partition("#")[2].replace("-", " ")
            title = Text(en=f"{chapter.title.en}: {part}", es=f"{chapter.title.es}: {part}")
            yield make("session", title, f"{page}#train-it")
        elif isinstance(value, Case):
            yield make("case", value.title, f"cases/#{value.id}")
        elif isinstance(value, Reference):
            yield make("reference", value.short, f"references/#{value.id}")
        elif isinstance(value, Term):
            yield make("term", value.term, f"glossary/#{value.id}")
        elif isinstance(value, Figure):
            slug = chapters[value.chapters[0]].slug if value.chapters[0] in chapters else None
            yield make("figure", value.title, f"chapters/{slug}/" if slug else None)


def _of_page(root: Path, name: str, named: dict[str, object]) -> Iterator[Entry]:
    sides: dict[Lang, Page] = {lang: read_page(root / "docs" / lang / name, lang, root) for lang in ("en", "es")}
    heads = {lang: {h.id: h.text for h in page.headings if h.level == 2} for lang, page in sides.items()}
    spanish = {section.id: section for section in sides["es"].sections}
    address = name.removesuffix("index.md") if name.endswith("index.md") else f"{name.removesuffix('.md')}/"
    for section in sides["en"].sections:
        if section.id not in spanish:
            continue
        title = {lang: str(page.meta.get("title")) for lang, page in sides.items()}
        if section.id:
            title = {lang: f"{title[lang]}: {heads[lang].get(section.id, section.id)}" for lang in sides}
        written: dict[Lang, str] = {"en": section.text, "es": spanish[section.id].text}
        lines = {lang: tuple(sentences(text, partial(_label, named, lang))) for lang, text in written.items()}
        page = f"{address}#{section.id}" if section.id else address
        yield Entry(f"{name}#{section.id or TOP}", "section", Text(**title), page, lines["en"], lines["es"])


def _label(named: dict[str, object], lang: Lang, macro: str, item: str) -> str:
    """What a macro shows in a sentence: the term, the short title of a document, the id of a requirement."""
    value = named.get({"ref": f"reference:{item}", "term": f"term:{item}"}.get(macro, ""))
    match value:
        case Reference():
            return value.short[lang]
        case Term():
            return value.term[lang]
    return item if macro == "requirement" else ""  # a case or a checklist is an item of its own
