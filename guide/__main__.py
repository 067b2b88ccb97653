"""The command line of the guide.

Enters: words typed in the project's folder. Leaves: what the steps to its left make; `build` reads like the picture in
decisions/. No traceback reaches an editor: problems are printed, one a line, and the exit code is 1.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from guide.checking import check as check_all
from guide.mending import mend
from guide.problems import Problem, Stop

ROOT_MARK = "mkdocs.yml"


def project() -> Path:
    """The project's folder: this one or the nearest above that has a mkdocs.yml. Raises click.UsageError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / ROOT_MARK).exists() and (folder / "data" / "chapters.yml").exists():
            return folder
    raise click.UsageError("Go to the folder of the guide first (the one with mkdocs.yml).")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The CSBP/PSeMS Practice Guide."""


def show(problems: list[Problem], as_json: bool) -> None:
    """Prints problems for people, for programs, or for a pull request."""
    if as_json:
        click.echo(json.dumps([problem.__dict__ for problem in problems], ensure_ascii=False, indent=1))
        return
    for problem in problems:
        click.echo(str(problem))
        if os.environ.get("GITHUB_ACTIONS"):
            what = f"{problem.what} {problem.remedy}".replace("\n", " ")
            click.echo(f"::error file={problem.file},line={max(problem.line, 1)},title={problem.rule}::{what}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def check(as_json: bool) -> None:
    """All rules of the content: files, ids, both languages, links, words."""
    problems = check_all(project())
    show(problems, as_json)
    if problems:
        click.echo(f"{len(problems)} problem{'s' if len(problems) > 1 else ''}.", err=True)
        sys.exit(1)
    if not as_json:
        click.echo("The content has no problems.")


@main.command()
def fix() -> None:
    """Mends what can be mended without thinking."""
    for line in mend(project()):
        click.echo(line)


@main.command()
@click.option("--html-only", is_flag=True, help="The pages only: no paper, no downloads, no compression.")
def build(html_only: bool) -> None:
    """build/member and build/public."""
    from guide.building import build_site

    try:
        build_site(project(), html_only=html_only, say=click.echo)
    except Stop as stop:
        show(list(stop.problems), as_json=False)
        sys.exit(1)


@main.command()
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Preview at http://localhost:8000 with every saved change."""
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    os.execv(sys.executable, [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"localhost:{port}"])


if __name__ == "__main__":
    main()
