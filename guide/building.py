"""The whole build, in the order in which things depend on each other.

Enters: the project's folder. Leaves: build/member (the site), build/public (preview, sign-in, errors), build/csp.json.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config

from guide.checking import check
from guide.export.catalogue import catalogue_json
from guide.load import load
from guide.problems import Stop

Say = Callable[[str], None]


def build_site(root: Path, *, html_only: bool, say: Say) -> None:
    """Builds everything. Raises Stop with every problem of the content before anything is written."""
    if problems := check(root):
        raise Stop(problems)
    guide = load(root).guide
    member = root / "build" / "member"
    pages(root, "mkdocs.yml")
    write(member / "data" / "catalogue.json", catalogue_json(guide))
    say(f"build/member: {sum(1 for _ in member.rglob('*.html'))} pages")


def pages(root: Path, configuration: str) -> None:
    """The HTML pages of one site."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    config = load_config(str(root / configuration))
    shutil.rmtree(config.site_dir, ignore_errors=True)
    config.plugins.on_startup(command="build", dirty=False)
    mkdocs_build(config)


def write(path: Path, text: str) -> None:
    """A whole file or none: written beside its place and moved there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
