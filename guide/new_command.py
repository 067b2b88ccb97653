"""The commands `guide new requirement|case|term|reference|chapter`.

Enters: what an editor types. Leaves: stubs, and the lines where to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from guide.load import Place
from guide.stubs import new_case, new_chapter, new_reference, new_requirement, new_term


@click.group("new")
def new_command() -> None:
    """Adds an entry to be filled in, in both languages, with the next free id."""


def _made(item: str, places: list[Place]) -> None:
    click.echo(f"{item} begins in")
    for place in places:
        click.echo(f"  {place.file}:{place.line}")
    click.echo("Fill in every empty field; `guide check` names those that are left.")


@new_command.command("requirement")
@click.argument("code", metavar="CODE")
@click.pass_obj
def _requirement(project: Callable[[], Path], code: str) -> None:
    """The next requirement of a chapter: `guide new requirement IT`."""
    _made(*new_requirement(project(), code.upper()))


@new_command.command("case")
@click.pass_obj
def _case(project: Callable[[], Path]) -> None:
    """The next case."""
    _made(*new_case(project()))


@new_command.command("term")
@click.argument("item", metavar="ID")
@click.pass_obj
def _term(project: Callable[[], Path], item: str) -> None:
    """A term of the glossary: `guide new term berth-plan`."""
    _made(*new_term(project(), item))


@new_command.command("reference")
@click.argument("item", metavar="ID")
@click.pass_obj
def _reference(project: Callable[[], Path], item: str) -> None:
    """A document that the guide cites: `guide new reference iso-22301`."""
    _made(*new_reference(project(), item))


@new_command.command("chapter")
@click.argument("code", metavar="CODE")
@click.argument("slug", metavar="SLUG")
@click.option("--en", required=True, help="English title.")
@click.option("--es", required=True, help="Spanish title.")
@click.pass_obj
def _chapter(project: Callable[[], Path], code: str, slug: str, en: str, es: str) -> None:
    """A chapter: its entry, both pages, its checklist and its session."""
    _made(*new_chapter(project(), code.upper(), slug, en, es))
