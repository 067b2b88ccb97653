"""What must be true of the words themselves: length, one sentence a line, our own sentences, right terms, spelling.

Enters: the same Subject as the other rules, with every pair of texts. Leaves: Problems. The names of these rules are
headings of CONTRIBUTING too.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from guide.kept import kept
from guide.load import Place, read_text
from guide.model import LANGUAGES, Lang
from guide.problems import Problem
from guide.readability import easy_enough
from guide.rules import Rule, Subject

FEWEST_WORDS, MOST_WORDS = 1600, 3000
SHINGLE = 8
"""So many words in a row, shared with a source, are a copied sentence (content standard, "What we write from")."""
WORD = re.compile(r"[^\W\d_ºª]+(?:['’-][^\W\d_ºª]+)*")
SENTENCE_END = re.compile(r"(?<![A-ZÁÉÍÓÚÑ]\.)(?<=[a-záéíóúñü)»”\"][.?!])\s+(?=[A-ZÁÉÍÓÚÑ¿¡«“\"])")
PLACEHOLDER = re.compile(r"\{[a-z0-9_-]+\}")
QUOTED = re.compile(r"[‘'«“\"][^’'»”\"]*[’'»”\"]")
DICTIONARIES: dict[Lang, str] = {"en": "en_GB", "es": "es_ES"}


def word_range(subject: Subject) -> Iterator[Problem]:
    """A chapter has 1,600 to 3,000 words of prose in each language."""
    for page in subject.every_page():
        if page.is_chapter:
            count = sum(len(text.split()) for _, text in page.prose)
            if not FEWEST_WORDS <= count <= MOST_WORDS:
                yield Problem(
                    page.file, 0, "", f"The chapter has {count} words.",
                    f"Bring it to between {FEWEST_WORDS} and {MOST_WORDS}.",
                )  # fmt: skip


def sentence_per_line(subject: Subject) -> Iterator[Problem]:
    """In running text one sentence stands on one line, so that a change shows as a sentence."""
    for page in subject.every_page():
        for number, row in enumerate(page.body.splitlines(), page.body_line):
            if row.lstrip().startswith(("|", "#", "!!!", "- ", "* ")) or re.match(r"\s*\d+\. ", row):
                continue
            if SENTENCE_END.search(re.sub(r"\{\{.*?\}\}", "x", row)):
                yield Problem(page.file, number, "", "Two sentences stand on one line.", "Begin a new line for each.")


def right_terms(subject: Subject) -> Iterator[Problem]:
    """Forms that the glossary rejects, Spanish false friends among them, do not stand in the guide's prose or data."""
    for lang in LANGUAGES:
        rejected = {
            form.lower(): term.term[lang]
            for term in subject.guide.terms.values()
            for form in (term.rejected[lang] if term.rejected else ())
        }
        if lang == "es":
            rejected |= {
                form.lower(): trap.right for trap in subject.guide.glossary.false_friends for form in trap.rejected
            }
        if not rejected:
            continue
        pattern = re.compile(
            r"(?<!\w)(" + "|".join(re.escape(form) for form in sorted(rejected, key=len, reverse=True)) + r")(?!\w)"
        )
        for item, place, text in _texts(subject, lang):
            if item.startswith("term:"):
                continue
            for found in pattern.finditer(text.lower()):
                line = place.line + (text[: found.start()].count("\n") if item.startswith("line:") else 0)
                form = text[found.start() : found.end()]
                yield Problem(
                    place.file, line, "" if item.startswith("line:") else item, f"“{form}” is a rejected form.",
                    f"Write “{rejected[found[0]]}”, or what the glossary says of it.",
                )  # fmt: skip


def paragraph_once(subject: Subject) -> Iterator[Problem]:
    """No paragraph of twelve words or more stands on two pages: one place explains a thing, the others link to it."""
    for lang in LANGUAGES:
        seen: dict[str, tuple[str, int]] = {}
        for page in subject.pages[lang].values():
            for line, text in page.prose:
                words = " ".join(WORD.findall(text.lower()))
                if words.count(" ") < 11:
                    continue
                if words in seen and seen[words][0] != page.file:
                    first = seen[words]
                    yield Problem(
                        page.file, line, "", f"This paragraph also stands in {first[0]}, line {first[1]}.",
                        "Keep it in one place and link to it.",
                    )  # fmt: skip
                seen.setdefault(words, (page.file, line))


def own_sentences(subject: Subject) -> Iterator[Problem]:
    """No eight words in a row come from INTERPORTPOLICE's own publications, except titles listed with a reason."""
    known = _shingles(subject.root / "data" / "sources.shingles")
    allowed = {mark for quotation in _quotations(subject.root).values() for mark in _marks(quotation)}
    for item, place, whole in _texts(subject, "en"):
        for words in map(_plain, whole.splitlines()):
            runs = (words[index : index + SHINGLE] for index in range(len(words) - SHINGLE + 1))
            copied = next((run for run in runs if (mark := _mark(run)) in known and mark not in allowed), None)
            if copied:
                yield Problem(
                    place.file, place.line, "" if item.startswith("line:") else item,
                    f"“{' '.join(copied)}” stands in a source.",
                    "Say it in your own words; a title goes into data/quotations.txt with its reason.",
                )  # fmt: skip


def quotation_needed(subject: Subject) -> Iterator[Problem]:
    """An exception to `own-sentences` is deleted when nothing needs it any more."""
    everything = " ".join(" ".join(_plain(text)) for _, _, text in _texts(subject, "en"))
    for number, quotation in _quotations(subject.root).items():
        if " ".join(_plain(quotation)) not in everything:
            yield Problem("data/quotations.txt", number, "", f"Nothing quotes “{quotation}”.", "Delete the line.")


def term_used(subject: Subject) -> Iterator[Problem]:
    """A term of the glossary stands somewhere in the guide; a word that nobody uses needs no entry."""
    everything = " ".join(text.lower() for item, _, text in _texts(subject, "en") if not item.startswith("term:"))
    called = {call.arguments[0] for page in subject.every_page() for call in page.calls if call.name == "term"}
    for term in subject.guide.terms.values():
        forms = [term.term.en, *(term.synonyms.en if term.synonyms else ())]
        forms += [term.abbreviation.en] if term.abbreviation else []
        if term.id not in called and not any(form.lower() in everything for form in forms):
            yield subject.problem(f"term:{term.id}", "No text uses this term.", "Use it, or delete the entry.")


def spelling(subject: Subject) -> Iterator[Problem]:
    """Every word is in the dictionary of its language or in data/words/<language>.txt.

    Abbreviations, and names that are written the same in both languages, are not looked up.
    """
    met = {lang: _words_met(subject, lang) for lang in LANGUAGES}
    names = {word for word in met["en"].keys() & met["es"].keys() if word[0].isupper()}
    asked = {lang: {word for word in met[lang] if not any(map(str.isupper, word[1:]))} - names for lang in LANGUAGES}
    with ThreadPoolExecutor() as both:
        unknown = both.map(lambda lang: _unknown(lang, asked[lang], subject.root), LANGUAGES)
    for lang, words in zip(LANGUAGES, unknown, strict=True):
        for word in sorted(words):
            item, place = met[lang][word]
            yield Problem(
                place.file, place.line, "" if item.startswith("line:") else item, f"“{word}” is not in the dictionary.",
                f"Correct it, or add it to data/words/{lang}.txt.",
            )  # fmt: skip


def _words_met(subject: Subject, lang: Lang) -> dict[str, tuple[str, Place]]:
    """Each word with the first place where it stands; titles of documents keep the language of their issuer."""
    met: dict[str, tuple[str, Place]] = {}
    for item, place, text in _texts(subject, lang):
        if item.startswith("reference:"):
            continue
        if item.startswith(("term:", "case:")):  # notes on usage and titles of reports quote the other language
            text = QUOTED.sub(" ", text)
        for word in set(WORD.findall(PLACEHOLDER.sub(" ", text.replace("\u00ad", "")))):
            met.setdefault(word, (item, place))
    plain: dict[str, tuple[str, Place]] = {}
    for word, where in met.items():
        plain.setdefault(word.replace("’", "'").removesuffix("'s"), where)
    return plain


def _texts(subject: Subject, lang: Lang) -> Iterator[tuple[str, Place, str]]:
    """(item, place, text): every paragraph of a page (item `line:`), and every text of the data."""
    for page in subject.pages[lang].values():
        for field in ("title", "summary"):
            yield "line:", Place(page.file, 2), str(page.meta.get(field, ""))
        for line, text in page.prose:
            yield "line:", Place(page.file, line), text
    for pair in subject.pairs:
        if not pair.of_a_page:
            yield pair.item, pair.places[lang], pair.text(lang)


def _plain(text: str) -> list[str]:
    return re.findall(r"[a-z0-9áéíóúüñ']+", text.lower().replace("’", "'"))


def _mark(words: list[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:10]


def _marks(text: str) -> set[str]:
    words = _plain(text)
    return {_mark(words[index : index + SHINGLE]) for index in range(max(0, len(words) - SHINGLE + 1))}


@cache
def _shingles(path: Path) -> frozenset[str]:
    return frozenset(path.read_text(encoding="ascii").split()) if path.exists() else frozenset()


def _quotations(root: Path) -> dict[int, str]:
    """Lines of data/quotations.txt without their reason, by line number: `the words | why they may stand`."""
    path = root / "data" / "quotations.txt"
    rows = read_text(path, root).splitlines() if path.exists() else []
    return {n: row.partition("|")[0].strip() for n, row in enumerate(rows, 1) if row.strip() and row[0] != "#"}


def _unknown(lang: Lang, words: set[str], root: Path) -> set[str]:
    path = root / "data" / "words" / f"{lang}.txt"
    own = {row.strip() for row in read_text(path, root).splitlines()} if path.exists() else set()
    unknown = _wrong(lang, {word for word in words if word not in own and word.lower() not in own}, root)
    if lang == "es":  # the dictionary has the verb (vigilar) and not the verb with its pronoun (vigilarlo)
        stems = {word: _without_pronoun(word) for word in unknown}
        wrong = _wrong(lang, {stem for found in stems.values() for stem in found}, root)
        unknown = {word for word, found in stems.items() if not any(stem not in wrong for stem in found)}
    return unknown


def _wrong(lang: Lang, words: set[str], root: Path) -> set[str]:
    """Those that the dictionary does not have; it is asked only for words that no earlier run asked for."""
    if DICTIONARIES[lang] not in _dictionaries():
        return set()
    known: dict[str, bool] = kept(root).of("words", lang.encode(), dict)
    asked = words - known.keys()
    if asked:
        done = subprocess.run(
            ["hunspell", "-d", DICTIONARIES[lang], "-i", "UTF-8", "-l"],
            input="\n".join(sorted(asked)), capture_output=True, text=True, check=False,
        )  # fmt: skip
        wrong = set(done.stdout.split())
        known.update((word, word not in wrong) for word in asked)
        kept(root).changed = True
    return {word for word in words if not known[word]}


def not_checked() -> Iterator[Problem]:
    """Says that spelling was not checked, when the program or a dictionary is missing."""
    missing = [name for name in DICTIONARIES.values() if name not in _dictionaries()]
    if missing:
        what = f"hunspell has no dictionary {' and '.join(missing)}" if _dictionaries() else "hunspell is not installed"
        yield Problem(
            "data/words", 0, "", f"{what}, so spelling was not checked.",
            "Install it: apt-get install hunspell hunspell-en-gb hunspell-es.", "spelling",
        )  # fmt: skip


@cache
def _dictionaries() -> frozenset[str]:
    program = shutil.which("hunspell")
    if program is None:
        return frozenset()
    listed = subprocess.run([program, "-D"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return frozenset(Path(row).name for row in (listed.stdout + listed.stderr).splitlines() if row.startswith("/"))


def _without_pronoun(word: str) -> list[str]:
    """Possible verb forms: "infórmelos" -> informe, informe without accent, infór …"""
    endings = re.compile(r"(?:se|me|te|nos)?(?:l[aeo]s?)|se|nos")
    stems = [word[:cut].lower() for cut in range(3, len(word)) if endings.fullmatch(word[cut:].lower())]
    return [*stems, *(stem.translate(str.maketrans("áéíóú", "aeiou")) for stem in stems)]


WORDING: tuple[Rule, ...] = (
    word_range,
    easy_enough,
    sentence_per_line,
    right_terms,
    paragraph_once,
    own_sentences,
    quotation_needed,
    term_used,
    spelling,
)
