"""What the preview shows: pages made when they are asked for, and what is wrong, in the terminal and the browser.

Enters: files that were saved. Leaves: HTML of one address, lists of Problems, and a version that grows with every save.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import jinja2

from guide.building import data_and_search
from guide.checking import findings
from guide.content import Content
from guide.live import LiveLanguage
from guide.marks import Behind
from guide.model import LANGUAGES, Lang
from guide.page_fault import page_fault
from guide.problems import Problem, Stop

TEMPLATES = Path(__file__).parent / "templates" / "preview"
QUIET = 0.5
"""Seconds without a save before all rules run: the page that somebody looks at comes first."""
SHOWN = 8
"""Problems, and pairs to follow, that the browser shows; the terminal has all of them."""
FOLLOW = {"in-step", "never-confirmed"}
"""Notices that ask somebody to follow in the other language."""


class Preview:
    """The guide while it is being written: `saved` reads the disk, `page` and `problems` give what is shown."""

    def __init__(self, root: Path, say: Callable[[str], None]) -> None:
        self.root, self._say = root, say
        self._words = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)
        self._changed = threading.Condition()
        self._making = threading.RLock()
        self.version = self.looks = 0
        self._pages: dict[str, tuple[int, str]] = {}
        self._unread: tuple[Problem, ...] = ()
        """Of files that cannot be read; what was read before stays on show."""
        self._found: tuple[Problem, ...] = ()
        """Of the rules, when they last ran."""
        self._follow: tuple[Problem, ...] = ()
        """Pairs of texts out of step, when the rules last ran: no mistake, but work that waits."""
        self._broken: Problem | None = None
        """Why the pages could not be made anew."""
        self._waits: Problem | None = None
        """Why the program would not start anew; the next start takes it back."""
        self._told: list[str] = []
        self._behind: dict[Lang, dict[str, Behind]] = {lang: {} for lang in LANGUAGES}
        self._languages: dict[Lang, LiveLanguage] = {}
        self._failed: dict[str, Problem] = {}
        self._last_save = 0.0
        self.made = Path(tempfile.mkdtemp(prefix="preview-"))
        """What other programs write: data for scripts, the search."""
        self.saved(structure=True)
        threading.Thread(target=self._check_when_quiet, daemon=True).start()

    def saved(self, *, structure: bool, looks: bool = False) -> None:
        """Reads what changed. `structure`: files or titles came or went, so the navigation is made anew; `looks`: the
        theme was changed, so every page is shown again."""
        with self._making:
            self.looks += looks
            structure = structure or looks
            try:
                content = Content(self.root)
                renderers = content.renderers(behind=self._behind)
                if structure or not self._languages:
                    self._languages = {lang: LiveLanguage(self.root, lang, content, renderers) for lang in LANGUAGES}
                for language in self._languages.values():
                    language.feed(content, renderers)
                self._unread, self._broken = (), None
            except Stop as stop:
                self._unread, self._broken = stop.problems, None
            except Exception as error:  # what was shown before stays on show, and the watch goes on
                what = f"The pages cannot be made anew: {error!r}."
                self._broken = Problem("mkdocs.yml", 0, "", what, "Mend what was saved last.", "preview")
            self._failed.clear()
            self._tell()
            self._last_save = time.monotonic()
            self._grow()

    def waits(self, why: str) -> None:
        """Tells why the program would not start anew, and goes on as it is."""
        with self._making:
            what, remedy = f"The preview cannot start anew: {why}.", "Mend it; until then the program stays as it was."
            self._waits = Problem("mkdocs.yml", 0, "", what, remedy, "preview")
            self._tell()
            self._grow()

    def _grow(self) -> None:
        with self._changed:
            self.version += 1
            self._changed.notify_all()

    def wait(self, version: int, seconds: float) -> int:
        """The version as soon as it is another one, or as it is after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.version != version, timeout=seconds)
            return self.version

    def page(self, address: str) -> str | None:
        """The HTML of an address, made once a version; None if there is no such page."""
        with self._making:
            language = next((live for live in self._languages.values() if address in live.pages), None)
            if language is None:
                return None
            version, html = self._pages.get(address, (-1, ""))
            if version != self.version:
                try:
                    html = language.render(address)
                except (Exception, SystemExit) as error:  # mkdocs-macros ends the program where a macro fails
                    source = language.source(address)
                    self._failed[source] = page_fault(error, source, self.root)
                    self._tell()
                    html = html or self._words.get_template("missing.html").render(address=address)
                self._pages[address] = (self.version, html)
            return html

    def missing(self, address: str) -> str:
        """What stands where no page is (yet)."""
        return self._words.get_template("missing.html").render(address=address)

    def file(self, address: str) -> Path | None:
        """A stylesheet, script, image or data file."""
        folders = [self.made, *(folder for live in self._languages.values() for folder in live.folders)]
        wanted = address.lstrip("/")
        for folder in folders:
            path = (folder / wanted).resolve()
            if path.is_file() and path.is_relative_to(folder.resolve()) and path.suffix not in {".html", ".py"}:
                return path
        return None

    def panel(self, address: str) -> str:
        """The problems as HTML, those of this page first; empty if there is none."""
        source = next((live.source(address) for live in self._languages.values() if address in live.pages), "")
        lists = [
            (kind, head, sorted(found, key=lambda problem: (problem.file != source, problem)))
            for kind, head, found in (
                ("to-mend", "to mend", self.problems),
                ("to-follow", "to compare in both languages", self._follow),
            )
        ]
        if not any(found for _, _, found in lists):
            return ""
        return self._words.get_template("problems.html").render(lists=lists, shown=SHOWN)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong now; a page that cannot be made is told only where no rule says why."""
        told = {problem.file for problem in (*self._unread, *self._found)}
        failed = [problem for file, problem in self._failed.items() if file not in told]
        return sorted({*self._unread, *self._found, *failed, *filter(None, (self._broken, self._waits))})

    def _tell(self) -> None:
        """Says in the terminal what is new, and how much was mended."""
        now = [*map(str, self.problems), *(f"notice: {pair}" for pair in self._follow)]
        for line in now:
            if line not in self._told:
                self._say(line)
        mended = sum(line not in now for line in self._told)
        if mended:
            self._say(f"{mended} mended, {len(now)} left." if now else "All mended.")
        self._told = now

    def _check_when_quiet(self) -> None:
        """Runs every rule once after each burst of saves, and brings data, search and translation marks up to date."""
        checked = -1
        while True:
            self.wait(checked, 3600)
            while time.monotonic() - self._last_save < QUIET:
                time.sleep(QUIET / 5)
            checked = self.version
            try:
                found = findings(self.root)
                content = Content(self.root)
                behind = content.behind
                follow = tuple(notice for notice in found.notices if notice.rule in FOLLOW)
                data_and_search(content, self.made)
            except Stop:
                continue
            except Exception as error:  # a fault of the program must not end the watch over the text
                self._say(f"The rules or the search could not run: {error!r}")
                continue
            with self._making:
                if checked == self.version and (self._found, self._follow, self._behind) != (
                    found.problems, follow, behind,
                ):  # fmt: skip
                    self._found, self._follow, self._behind = found.problems, follow, behind
                    renderers = content.renderers(behind=behind)
                    for language in self._languages.values():
                        language.feed(content, renderers)
                    self._tell()
                    self._grow()
                    checked = self.version
