"""The command line of the guide.

Enters: words typed in the project's folder. Leaves: what the steps to its left make; `build` reads like the picture in
decisions/. No traceback reaches an editor: problems are printed, one a line, and the exit code is 1.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from guide.changes import changes_since, write_changes
from guide.checking import Findings, findings
from guide.confirming import confirm_items, print_status
from guide.content import Content
from guide.difference import difference_page
from guide.guide import Guide
from guide.marks import Marks
from guide.mending import mend
from guide.model import LANGUAGES, Lang
from guide.new_command import new_command
from guide.paper.command import paper_command
from guide.paper.documents import Articles
from guide.problems import Problem, Stop
from guide.readability import reading_table
from guide.report import report_command

ROOT_MARK = "mkdocs.yml"
LINE_ENDS = "\r\n"


def project() -> Path:
    """The project's folder: this one or the nearest above that has a mkdocs.yml. Raises click.UsageError."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        if (folder / ROOT_MARK).exists() and (folder / "data" / "chapters.yml").exists():
            return folder
    raise click.UsageError("Go to the folder of the guide first (the one with mkdocs.yml).")


class Explained(click.Group):
    """Prints the problems of content that cannot be read, in place of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a Stop is told and ends with 1."""
        try:
            return super().invoke(ctx)
        except Stop as stop:
            show(Findings(stop.problems), as_json=False)
            sys.exit(1)


@click.group(cls=Explained, context_settings={"help_option_names": ["-h", "--help"], "obj": project})
def main() -> None:
    """The CSBP/PSeMS Practice Guide."""


def show(found: Findings, as_json: bool) -> None:
    """Prints problems and notices for people, for programs, or for a pull request."""
    if as_json:
        lists = {"problems": found.problems, "notices": found.notices}
        click.echo(json.dumps({k: [p.__dict__ for p in v] for k, v in lists.items()}, ensure_ascii=False, indent=1))
        return
    for kind, told in (("notice", found.notices), ("error", found.problems)):
        for problem in told:
            click.echo(f"notice: {problem}" if kind == "notice" else str(problem))
            if os.environ.get("GITHUB_ACTIONS"):
                click.echo(annotation(kind, problem))


def annotation(kind: str, problem: Problem) -> str:
    """The line by which a pull request shows a problem beside its text."""

    def escaped(text: str, signs: str) -> str:
        return "".join(f"%{ord(sign):02X}" if sign in signs else sign for sign in text)

    said = {"file": problem.file, "line": str(max(problem.line, 1)), "title": problem.rule}
    place = ",".join(f"{name}={escaped(value, '%:,' + LINE_ENDS)}" for name, value in said.items())
    return f"::{kind} {place}::{escaped(problem.said, '%' + LINE_ENDS)}"


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--release", is_flag=True, help="Essential requirements must be confirmed in both languages.")
def check(as_json: bool, release: bool) -> None:
    """All rules of the content: files, ids, both languages, links, words."""
    found = findings(project(), release=release)
    show(found, as_json)
    if found.problems:
        click.echo(f"{len(found.problems)} problem{'s' if len(found.problems) > 1 else ''}.", err=True)
        sys.exit(1)
    if not as_json:
        waits = len(found.notices)
        notices = f" {waits} notice{' asks' if waits == 1 else 's ask'} for attention." if waits else ""
        click.echo(f"The content has no problems.{notices}")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--every", is_flag=True, help="Pairs in step too.")
@click.option("--reading", is_flag=True, help="Words and reading ease of each chapter instead.")
def status(as_json: bool, every: bool, reading: bool) -> None:
    """Which texts are out of step between English and Spanish, and which side moved."""
    content = Content(project())
    if reading:
        click.echo("\n".join(reading_table(content.pages)))
    else:
        print_status(content, as_json=as_json, everything=every)


@main.command("confirm")
@click.argument("items", nargs=-1, metavar="PAGE#section | ID …")
@click.option("--all", "everything", is_flag=True, help="Every pair that is not in step. Compare them first.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def confirm_command(items: tuple[str, ...], everything: bool, yes: bool) -> None:
    """Shows both texts of a pair, asks whether they say the same, and stamps it."""
    if everything == bool(items):
        raise click.UsageError("Name the pairs (see `guide status`), or write --all.")
    done = confirm_items(Content(project()), items, everything=everything, yes=yes)
    click.echo(f"{done} confirmed in data/confirmed.tsv.")


@main.command()
@click.option("--since", required=True, metavar="TAG", help="The edition that members know.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="The bulletin in one language only.")
def changes(since: str, lang: Lang | None) -> None:
    """What members should know, in both languages: prints a bulletin and writes data/changes/<edition>.yml."""
    found, unread = changes_since(project(), since)
    write_changes(project(), found)
    for file in unread:
        click.echo(f"notice: {file}  {since} has it in a form that cannot be compared.", err=True)
    for shown, renderer in Content(project()).renderers().items():
        if lang in {None, shown}:
            click.echo(renderer.bulletin(found))


@main.command()
@click.option("--since", required=True, metavar="REV", help="A tag, branch or commit.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("difference.html"), show_default=True)
def difference(since: str, out: Path) -> None:
    """For a reviewer: every text that changed, old and new, both languages side by side, in one HTML file."""
    out.write_text(difference_page(project(), since), encoding="utf-8")
    click.echo(f"{out}")


@main.command()
def fix() -> None:
    """Mends what can be mended without thinking."""
    for line in mend(project()):
        click.echo(line)


@main.command()
@click.option("--html-only", is_flag=True, help="The pages only: no paper, no downloads, no compression.")
@click.option("--seal", is_flag=True, help="Also a field edition that needs a passphrase (it is asked for).")
def build(html_only: bool, seal: bool) -> None:
    """build/member and build/public."""
    from guide.building import build_site

    if seal and html_only:
        raise click.UsageError("Choose --seal or --html-only: without paper there is no field edition.")
    passphrase = None
    if seal:
        passphrase = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, value_proc=worthy)
    build_site(project(), html_only=html_only, say=click.echo, passphrase=passphrase)


def worthy(passphrase: str) -> str:
    """The passphrase. Raises click.BadParameter for one that is too short to stand alone."""
    from guide.field_edition import weakness

    if said := weakness(passphrase):
        raise click.BadParameter(said)
    return passphrase


def data_and_marks(root: Path) -> tuple[Guide, Marks]:
    """The data, and which of its texts are out of step."""
    content = Content(root)
    return content.guide, content.behind


def rendered_articles(root: Path) -> Articles:
    """The article of each chapter, from a build of the pages that is thrown away."""
    from guide.building import pages

    with TemporaryDirectory() as folder:
        return pages(root, "mkdocs.yml", Path(folder) / "site").articles


@main.command()
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Preview at http://localhost:8000 with every saved change."""
    from guide.preview_server import serve as serve_preview

    serve_preview(project(), port, click.echo)


main.add_command(new_command)
main.add_command(report_command)
main.add_command(paper_command(project, data_and_marks, rendered_articles))

if __name__ == "__main__":
    main()
