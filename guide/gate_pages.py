"""The pages that stand outside the gate: sign-in, signed out, errors, robots.txt.

Enters: the guide's words. Leaves: build/public/signin, build/public/errors and robots.txt; no member text, no script.
Addresses are fixed by the gate's policy (hosting/apache/site.conf).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guide.guide import Guide
from guide.model import LANGUAGES, Lang
from guide.render import Renderer

PREVIEW: dict[Lang, str] = {"en": "/preview/", "es": "/preview/es/"}
HOME: dict[Lang, str] = {"en": "/", "es": "/es/"}
ROBOTS = "User-agent: *\nAllow: /preview/\nDisallow: /\n"


@dataclass(frozen=True)
class Action:
    """A link offered on a page: where it leads and its word in data/interface.yml, `gate`."""

    href: str
    word: str


def gate_pages(guide: Guide) -> Iterator[tuple[str, str]]:
    """(path below build/public, content) of every page."""
    yield "robots.txt", ROBOTS
    for lang in LANGUAGES:
        renderer = Renderer(guide, lang, public=True)
        sign_in = Action(HOME[lang], "sign_in")
        again = Action(HOME[lang], "try_again")
        preview = Action(PREVIEW[lang], "preview")
        contact = Action(f"{PREVIEW[lang]}contact/", "contact")
        folder = "signin/" if lang == "en" else "signin/es/"
        for file, name, actions in (
            ("index.html", "sign_in", (sign_in, preview)),
            ("signed-out.html", "signed_out", (sign_in, preview)),
            ("not-completed.html", "not_completed", (again, preview)),
        ):
            twin = "/signin/es/" if lang == "en" else "/signin/"
            yield folder + file, renderer.gate_page(name, actions, twin + file.removeprefix("index.html"))
        errors: tuple[tuple[str, tuple[Action, ...]], ...] = (
            ("400", (Action(HOME[lang], "try_again"),)),
            ("401", (sign_in, preview)),
            ("403", (Action("/signin/out", "sign_out"), preview, contact)),
            ("404", (Action(HOME[lang], "try_again"), preview)),
            ("5xx", (again, preview)),
        )
        for code, offered in errors:
            yield f"errors/{code}.{lang}.html", renderer.gate_page(f"e{code}", offered, PREVIEW[_other(lang)])


def _other(lang: Lang) -> Lang:
    return "es" if lang == "en" else "en"
