"""The ES modules of a page in one file, so that a reader on a slow line asks once.

Enters: the modules that a page names, as they are written. Leaves: one module with all that they import, each part run
once and in the same order, with short names for what only parts of the same file use. What is only imported on demand
stays a file of its own, unless it shares a part with the page: then it comes along, unrun until it is asked for,
because two copies of a part would be two truths.

Understood is what the guide's own modules use: import {names}, import * as, import "…", import("…"), and export before
function, class, const, or in braces, at the beginning of a line; and await there, in a module that nobody imports.
Anything else is a Problem, never a guess.
"""

from __future__ import annotations

import re
from pathlib import Path

from guide.problems import Problem, Stop

IMPORT = re.compile(
    r"""^import\s+(?:(?P<what>\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+)?["'](?P<path>\.{1,2}/[^"']+)["'];?[ \t]*$""", re.M
)
STAR = re.compile(r"""^import\s+\*\s+as\s+\w+\s+from\s+["'](?P<path>\.{1,2}/[^"']+)["']""", re.M)
ON_DEMAND = re.compile(r"""\bimport\(\s*["'](?P<path>\.{1,2}/[^"']+)["']\s*\)""")
BESIDE = re.compile(r"""(?<=new URL\()["'](?P<path>\.{1,2}/[^"']+)["'](?=,\s*import\.meta\.url)""")
EXPORT = re.compile(r"^export\s+(?P<kind>(?:async\s+)?function\*?|class|const)\s+(?P<name>[\w$]+)", re.M)
EXPORTED = re.compile(r"^export\s*\{(?P<names>[^}]*)\};?[ \t]*$", re.M)
AWAIT = re.compile(r"^(?:const\s[^=]+=\s*)?await\b.*", re.M)
STRANGE = re.compile(r"^(?:import|export)\b[^(].*", re.M)
COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.M | re.S)


def join_modules(entries: list[Path], *, whole: bool = False) -> str:
    """One module that runs `entries` in their order. Raises Stop with everything that is not understood.

    `whole` takes along everything that is imported on demand too, for a place where nothing can be fetched.
    """
    everything = _reach(entries, IMPORT, ON_DEMAND) if whole else _together(entries)
    names = {part: f"$m{index}" for index, part in enumerate(everything)}
    needed = {target for part in everything for target in [*_targets(part, IMPORT), *_targets(part, ON_DEMAND)]}
    problems = [problem for part in everything for problem in _strange(part, part in needed)]
    if problems:
        raise Stop(problems)
    short = _short_names(everything)
    parts = []
    for part in everything:
        waits = "async " if AWAIT.search(_text(part)) else ""
        parts.append(
            f"const {names[part]} = once({waits}() => {{\n{_wrapped(part, names, short, entries[0].parent)}}});"
        )
    once = "const once = (run) => { let done, made; return () => (done ? made : ((done = true), (made = run()))); };"
    return "\n".join([once, *parts, *(f"{names[entry.resolve()]}();" for entry in entries)]) + "\n"


def _together(entries: list[Path]) -> list[Path]:
    """What is needed at once, and what comes later but shares a part with it, however far away."""
    found = _reach(entries, IMPORT)
    while True:
        later = [target for part in found for target in _targets(part, ON_DEMAND) if target not in found]
        sharing = [target for target in later if set(_reach([target], IMPORT, ON_DEMAND)) & set(found)]
        if not sharing:
            return found
        found += [part for part in _reach(sharing, IMPORT) if part not in found]


def stands_alone(entry: Path) -> bool:
    """Whether a module imports nothing at once: there is nothing to join."""
    return not _targets(entry, IMPORT)


def _text(part: Path) -> str:
    return part.read_text(encoding="utf-8")


def _targets(part: Path, pattern: re.Pattern[str]) -> list[Path]:
    return [(part.parent / match["path"]).resolve() for match in pattern.finditer(_text(part))]


def _reach(entries: list[Path], *patterns: re.Pattern[str]) -> list[Path]:
    """The modules that `entries` lead to by these kinds of import, what is imported before what imports it."""
    found: list[Path] = []

    def visit(part: Path, above: tuple[Path, ...]) -> None:
        if part in above and patterns == (IMPORT,):
            circle = " → ".join(step.name for step in (*above[above.index(part) :], part))
            raise Stop([Problem(part.name, 0, "", f"imports itself in a circle: {circle}.", "Move what both need.")])
        if part in found or part in above:
            return
        for pattern in patterns:
            for target in _targets(part, pattern):
                visit(target, (*above, part))
        found.append(part)

    for entry in entries:
        visit(entry.resolve(), ())
    return found


def _strange(part: Path, needed: bool) -> list[Problem]:
    text = EXPORTED.sub("", EXPORT.sub("", IMPORT.sub("", COMMENT.sub("", _text(part)))))
    found = [*STRANGE.findall(text), *(AWAIT.findall(text) if needed else ())]
    return [
        Problem(part.name, 0, "", f'"{line.strip()}" cannot be joined.', "Write it as guide/modules.py describes.")
        for line in found
    ]


def _short_names(everything: list[Path]) -> dict[Path, dict[str, str]]:
    """By module a short name for each that it exports, where every use can be seen: nobody takes the module whole."""
    whole = {target for part in everything for target in (*_targets(part, ON_DEMAND), *_targets(part, STAR))}
    return {
        part: {name: f"${place}" for place, (name, _) in enumerate(_exported(_text(part)))}
        for part in everything
        if part not in whole
    }


def _exported(text: str) -> list[tuple[str, str]]:
    """What a module exports: the name outside, and the one inside."""
    found = [(match["name"], match["name"]) for match in EXPORT.finditer(COMMENT.sub("", text))]
    for match in EXPORTED.finditer(COMMENT.sub("", text)):
        found += [_renamed(name)[::-1] for name in match["names"].split(",") if name.strip()]
    return found


def _renamed(what: str) -> tuple[str, str]:
    """`what` or `what as other`, as (what, other)."""
    name, _, other = what.strip().partition(" as ")
    return name, other or name


def _wrapped(part: Path, names: dict[Path, str], short: dict[Path, dict[str, str]], home: Path) -> str:
    """The text of a module as the body of a function that returns what it exports."""
    text = COMMENT.sub("", _text(part))
    exported = [f"{short.get(part, {}).get(outside, outside)}: {inside}" for outside, inside in _exported(text)]

    def imported(match: re.Match[str]) -> str:
        target = (part.parent / match["path"]).resolve()
        what = match["what"]
        if not what:
            return f"{names[target]}();"
        if what.startswith("*"):
            return f"const {what.partition(' as ')[2]} = {names[target]}();"
        taken = [_renamed(name) for name in what.strip("{} \n").split(",") if name.strip()]
        shown = ", ".join(f"{short.get(target, {}).get(name, name)}: {here}" for name, here in taken)
        return f"const {{ {shown} }} = {names[target]}();"

    def on_demand(match: re.Match[str]) -> str:
        target = (part.parent / match["path"]).resolve()
        return f"Promise.resolve().then({names[target]})" if target in names else moved(match)

    def moved(match: re.Match[str]) -> str:
        """The same file, named from where the joined module lies."""
        way = Path(*[".."] * len(home.resolve().relative_to(_shared(home, part)).parts))
        way = way / (part.parent / match["path"]).resolve().relative_to(_shared(home, part))
        text = way.as_posix()
        return match[0].replace(match["path"], text if text.startswith("..") else f"./{text}")

    text = EXPORTED.sub("", EXPORT.sub(r"\g<kind> \g<name>", IMPORT.sub(imported, text)))
    text = BESIDE.sub(moved, ON_DEMAND.sub(on_demand, text)).strip("\n")
    return f"{text}\nreturn {{ {', '.join(exported)} }};\n" if exported else f"{text}\n"


def _shared(home: Path, part: Path) -> Path:
    """The deepest folder that holds both."""
    mine = set(part.resolve().parents)
    return next(folder for folder in (home.resolve(), *home.resolve().parents) if folder in mine)
