"""The whole build, in the order in which things depend on each other.

Enters: the project's folder. Leaves: build/member (the site), build/public (preview, sign-in, errors), build/csp.json.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from jinja2 import TemplateError
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

from guide.assets import finish
from guide.checking import check_content
from guide.content import Content
from guide.export.assessment_data import assessment_json
from guide.export.catalogue import catalogue_json
from guide.export.downloads import write_downloads
from guide.field_edition import make_field_edition, seal
from guide.gate_pages import gate_pages
from guide.model import Lang
from guide.page_fault import page_fault
from guide.paper.documents import documents
from guide.paper.printing import print_all
from guide.problems import Problem, Stop
from guide.render_downloads import fill_sizes
from guide.search import write_search
from guide.site import GuidePlugin

Say = Callable[[str], None]
ROOTS: dict[Lang, str] = {"en": "", "es": "es"}
"""Where each language stands below the root of a site."""


def build_site(
    root: Path, *, html_only: bool, say: Say, folder: Path | None = None, passphrase: str | None = None
) -> None:
    """Builds everything below `folder` (root/build). Raises Stop with every problem before anything is written.

    With paper and downloads it is what members get, and essential requirements must be in step. With a `passphrase`
    there is a sealed copy of the field edition too.
    """
    content = Content(root)
    if problems := check_content(content, release=not html_only):
        raise Stop(problems)
    build = folder or root / "build"
    member, public = build / "member", build / "public"

    plugin = pages(root, "mkdocs.yml", member)
    data_and_search(content, member)
    if not html_only:
        edition = paper_and_downloads(content, plugin, member, root / ".cache", say)
        if passphrase:
            say(f"sealed: {seal(edition, passphrase).name}")

    shutil.rmtree(public, ignore_errors=True)
    pages(root, "mkdocs.preview.yml", public / "preview")
    public_parts(content, public)

    policies = {name: finish(tree, thorough=not html_only) for name, tree in (("member", member), ("public", public))}
    write(build / "csp.json", json.dumps(policies, indent=1))
    for tree in (member, public):
        say(f"{tree.relative_to(build.parent)}: {sum(1 for _ in tree.rglob('*.html'))} pages")


def pages(root: Path, configuration: str, folder: Path) -> GuidePlugin:
    """The HTML pages of one site. Returns the plugin, which holds the article of each chapter for paper.

    Raises Stop where a page cannot be made, or where MkDocs warns: the build is strict.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    warned = _Warned()
    logging.getLogger("mkdocs").addHandler(warned)
    try:
        config = load_config(str(root / configuration), site_dir=str(folder))
        shutil.rmtree(folder, ignore_errors=True)
        config.plugins.on_startup(command="build", dirty=False)
        mkdocs_build(config)
    except Abort as end:
        said = warned.said or [str(end)]
        raise Stop(Problem(configuration, 0, "", what, "Mend what it names.", "page") for what in said) from None
    except (SystemExit, TemplateError) as error:
        page = cast(Any, config.plugins["macros"]).page
        raise Stop([page_fault(error, f"docs/{page.file.src_uri}", root)]) from None
    finally:
        logging.getLogger("mkdocs").removeHandler(warned)
    return cast(GuidePlugin, config.plugins["practice-guide"])


class _Warned(logging.Handler):
    """Keeps what MkDocs warns of; it has nobody else to tell."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def data_and_search(content: Content, member: Path) -> None:
    """What scripts and other programs read."""
    write(member / "data" / "catalogue.json", catalogue_json(content.guide, content.behind))
    for lang, below in ROOTS.items():
        write_search(content, member / below / "search", lang, public=False)
        write(member / "data" / f"assessment.{lang}.json", assessment_json(content.guide, content.behind, lang))


def paper_and_downloads(content: Content, plugin: GuidePlugin, member: Path, cache: Path, say: Say) -> Path:
    """PDFs, files for other tools, and the field edition, whose path it returns.

    Raises Stop with every document that could not be made.
    """
    _, problems = print_all(
        documents(content.guide, plugin.articles, content.behind), member / "paper", cache / "paper", say
    )
    if problems:
        raise Stop(problems)
    write_downloads(content.guide, content.behind, member / "downloads")
    edition = make_field_edition(member, content.guide, member / "paper", cache / "field", member / "downloads")
    say(f"field edition: {edition.stat().st_size / 1e6:.1f} MB")
    lists = {member / below / "paper" / "index.html": plugin.renderers[lang] for lang, below in ROOTS.items()}
    fill_sizes(member, lists)
    return edition


def public_parts(content: Content, public: Path) -> None:
    """The preview's search, and the pages that stand outside the gate."""
    for lang, below in ROOTS.items():
        write_search(content, public / "preview" / below / "search", lang, public=True)
    for name, text in gate_pages(content.guide):
        write(public / name, text)


def write(path: Path, text: str) -> None:
    """A whole file or none: written beside its place and moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
