"""`guide report FILE…`: the report for people at a terminal.

Enters: words typed by an auditor or at headquarters. Leaves: text on the screen, files, and an exit code.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from guide.model import LANGUAGES, Lang
from guide.problems import Stop
from guide.report.catalogue import read_catalogue
from guide.report.strangers import plain
from guide.report.wording import read_words, refusal
from guide.report.writing import Outputs, RefusedFilesError, report

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "build" / "member" / "data" / "catalogue.json"
CHOICES: dict[str, tuple[Lang, ...]] = {"en": ("en",), "es": ("es",), "both": LANGUAGES}


@click.command("report")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--lang", type=click.Choice(list(CHOICES)), help="Without it: the language of the first file.")
@click.option(
    "--target", type=click.Choice(["2", "3"]), help="2 Registration, 3 Certification. Without it: the file's."
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page that prints well.")
@click.option("--xlsx", type=click.Path(path_type=Path, dir_okay=False), help="Write a workbook.")
@click.option("--catalogue", type=click.Path(path_type=Path, dir_okay=False), help="Another catalogue.json.")
def report_command(
    files: tuple[Path, ...],
    lang: str | None,
    target: str | None,
    html: Path | None,
    xlsx: Path | None,
    catalogue: Path | None,
) -> None:
    """Gap report on one assessment file, or a comparison of several (sites, or rounds of one site)."""
    try:
        words = read_words(ROOT)
        found = report(
            files,
            read_catalogue(catalogue or CATALOGUE),
            words,
            languages=CHOICES[lang] if lang else (),
            target=int(target) if target else None,
            outputs=Outputs(html, xlsx),
            passphrase=lambda name: str(click.prompt(plain(name), hide_input=True, err=True)),
            width=shutil.get_terminal_size((100, 24)).columns,
        )
    except RefusedFilesError as refused:
        for one in refused.refusals:
            for each in CHOICES[lang or "both"]:
                click.echo(refusal(one, words, each), err=True)
        sys.exit(1)
    except Stop as stop:
        click.echo(str(stop), err=True)
        sys.exit(1)
    except OSError as error:
        raise click.FileError(str(error.filename), error.strerror) from None
    for line in found:
        click.echo(plain(line))
