"""What reaches readers, and which readers: only pages and their images, in plain Markdown, public on purpose.

Enters: the same Subject as the other rules. Leaves: Problems. The names of these rules are headings of CONTRIBUTING.
Whatever stands in docs/ would be published with the pages, and a page can carry a script: neither happens unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import unquote

from guide.load import FOLDERS, SINGLE_FILES, read_text
from guide.model import LANGUAGES
from guide.pages import Page, resolved
from guide.plain_files import written
from guide.problems import Problem
from guide.rules import Rule, Subject

IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif")
PUBLIC = "data/public.txt"
#: What stands in each folder of data/ ("." is data/ itself).
DATA = {
    ".": (
        *(f"{name}.yml" for name in SINGLE_FILES), "report.yml", "README.md", "ids.txt", "confirmed.tsv", "public.txt",
        "quotations.txt", "sources.shingles",
    ),
    **dict.fromkeys((*FOLDERS, "figures", "changes"), ("*.yml",)),
    "schema": ("*.json",),
    "words": tuple(f"{kind}{lang}.txt" for kind in ("", "stop.") for lang in LANGUAGES),
}  # fmt: skip
FIELDS = {"title": str, "summary": str, "access": str, "readers": list}
NO_PROSE = re.compile(r"\{\{.*?\}\}|\[\[#.*?#\]\]", re.DOTALL)
HTML = re.compile(r"<(?!(?:https?://|mailto:)[^\s<>]*>)[a-zA-Z/!?][^\s>]*>?")
ATTRIBUTES = re.compile(r"\{(?!%|#[^{}\s]+\}|: lang=\"(?:en|es)\" \})[^{}\n]*\}")
ADDRESS = re.compile(r"\]\s*[(:]\s*<?\s*(?!(?:https?|mailto):)[a-zA-Z][\w+.-]*:[^\s)>]*")


def shown_images(page: Page) -> set[str]:
    """Names of the images that a page shows, from its language's folder ("chapters/gate.png")."""
    return {resolved(page.name, unquote(link.target)) for link in page.links if link.image}


def only_pages_in_docs(subject: Subject) -> Iterator[Problem]:
    """In docs/ stand the pages of a language and the images that they show, and nothing else, for it is published."""
    shown = {lang: {name for page in subject.pages[lang].values() for name in shown_images(page)} for lang in LANGUAGES}
    for path in written(subject.root / "docs", "**/*"):
        file = path.relative_to(subject.root).as_posix()
        lang, _, name = file.removeprefix("docs/").partition("/")
        image = path.suffix.lower() in IMAGES
        if lang not in shown or not name:
            what, remedy = "This file belongs to no language.", "Move it to docs/en/ or docs/es/, or take it out."
        elif path.suffix == ".md" or name in shown[lang]:
            continue
        elif image:
            what, remedy = "No page shows this image.", "Write ![what it shows](its path) on a page, or take it out."
        else:
            what, remedy = "This file is no page.", "Only .md pages and images that they show stand here. Take it out."
        yield Problem(file, 0, "", what, remedy)


def only_known_data(subject: Subject) -> Iterator[Problem]:
    """In data/ stand the files that the guide reads; one with another name or in another folder would be forgotten."""
    for path in written(subject.root / "data", "**/*"):
        file = path.relative_to(subject.root).as_posix()
        forms = DATA.get(path.parent.relative_to(subject.root / "data").as_posix(), ())
        if not any(fnmatchcase(path.name, form) for form in forms):
            right = path.with_suffix(".yml").name
            known = any(fnmatchcase(right, form) for form in forms)
            remedy = f"Call it {right}." if known else "Correct its name or its folder, or take it out."
            yield Problem(file, 0, "", "Nothing reads this file.", remedy)


def public_on_purpose(subject: Subject) -> Iterator[Problem]:
    """A page that everybody may read stands in data/public.txt with its reason; all others are for members."""
    listed = {name: (line, reason) for line, name, reason in _public(subject.root)}
    public = {page.name for page in subject.every_page() if page.meta.get("access") == "public"}
    for page in subject.every_page():
        if page.meta.get("access") == "public" and page.name not in listed:
            yield Problem(
                page.file, 2, "", "This page is public, outside the gate, and data/public.txt does not have it.",
                f"Write access: member; or, if everybody may read it, add a line `{page.name} | why` there.",
            )  # fmt: skip
    for name, (line, reason) in listed.items():
        if name not in public:
            yield Problem(PUBLIC, line, name, "There is no public page of this name.", "Delete the line.")
        elif not reason:
            yield Problem(PUBLIC, line, name, "The line gives no reason.", f"Write {name} | why everybody may read it.")


def plain_markdown(subject: Subject) -> Iterator[Problem]:
    """A page is Markdown without HTML or program text: it carries no script, and all of it is checked and found."""
    for page in subject.every_page():
        rows = NO_PROSE.sub(lambda macro: "\n" * macro[0].count("\n"), page.body).split("\n")
        for pattern, what, remedy in (
            (HTML, "is HTML", "Use Markdown or a macro; a note that no reader gets is written [[# … #]]."),
            (ATTRIBUTES, "sets attributes", 'Only {#id} behind a heading and {: lang="es" } are known.'),
            (ADDRESS, "is an address of another kind", "Link to a page, or to https:// or mailto:."),
        ):
            for line, row in enumerate(rows, page.body_line):
                if found := pattern.search(row):
                    yield Problem(page.file, line, "", f"“{found[0].lstrip('](: ')}” {what}.", remedy)
        for line in page.blocks:
            yield Problem(
                page.file, line, "", "Here begins a block of program text, which no check, search or bulletin reads.",
                "Begin the line at the left, without ``` around; below !!! no empty line stands between its lines.",
            )  # fmt: skip


def front_matter_known(subject: Subject) -> Iterator[Problem]:
    """The front matter has a title, a summary, access and readers, and nothing else; they are text without macros."""
    for page in subject.every_page():
        for name, value in page.meta.items():
            if name not in FIELDS:
                yield Problem(
                    page.file, 2, "", f"The front matter has the field `{name}`, which is not known.",
                    f"Delete it; known are {', '.join(FIELDS)}.",
                )  # fmt: skip
                continue
            texts = value if isinstance(value, list) else [value]
            if not isinstance(value, FIELDS[name]) or not all(isinstance(text, str) for text in texts):
                wanted = "a list of texts" if FIELDS[name] is list else "text, between quotation marks"
                yield Problem(page.file, 2, "", f"`{name}` is {value!r}.", f"Write {wanted}.")
            elif any("{{" in text or "{%" in text for text in texts):
                yield Problem(page.file, 2, "", f"`{name}` calls a macro.", "Write the words themselves.")


def image_there(subject: Subject) -> Iterator[Problem]:
    """An image that a page shows stands in the folder of its language."""
    for page in subject.every_page():
        folder = subject.root / "docs" / page.lang
        for link in page.links:
            name = resolved(page.name, unquote(link.target))
            if link.image and not (name.lower().endswith(IMAGES) and (folder / name).is_file()):
                yield Problem(
                    page.file, link.line, "", f"The image {link.target} is not there.",
                    f"Put it into docs/{page.lang}/ ({', '.join(IMAGES)}) and write its path from this page.",
                )  # fmt: skip


def _public(root: Path) -> Iterator[tuple[int, str, str]]:
    """Line, page and reason of each line of data/public.txt: `about.md | why everybody may read it`."""
    path = root / PUBLIC
    rows = read_text(path, root).splitlines() if path.is_file() else []
    for number, row in enumerate(rows, 1):
        if row.strip() and not row.startswith("#"):
            name, _, reason = row.partition("|")
            yield number, name.strip(), reason.strip()


PUBLISHING: tuple[Rule, ...] = (
    only_pages_in_docs,
    only_known_data,
    public_on_purpose,
    plain_markdown,
    front_matter_known,
    image_there,
)
