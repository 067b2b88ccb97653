"""Finishing a built tree: what is kept, how it is named, joined, compressed and allowed to run."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import Browser, expect

from guide.assets import finish
from guide.dates import in_words
from guide.modules import join_modules
from guide.problems import Stop
from guide.stylesheet import compact
from tests.browser import serve

PAGE = """<!doctype html>
<html lang="en"><head><title>Page</title>
<link rel="stylesheet" href="{up}assets/css/main.css">
<script type="module" src="{up}assets/js/main.js"></script></head>
<body><p title="not ./assets/here">text</p></body></html>
"""


def tree(folder: Path, files: dict[str, str]) -> Path:
    """A built tree with these files beside two pages at different depths."""
    whole = {
        "index.html": PAGE.format(up=""),
        "es/index.html": PAGE.format(up="../"),
        "assets/css/main.css": "p { color: red }",
        "assets/js/main.js": "document.title = 'ran'\n",
        **files,
    }
    for name, text in whole.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def assets(folder: Path) -> set[str]:
    """Names of the assets without fingerprint, br and gz left out."""
    found = (p.relative_to(folder).as_posix() for p in folder.rglob("assets/**/*") if p.is_file())
    return {
        re.sub(r"(?:(?<=joined)-[0-9a-f]{6})?\.[0-9a-f]{10}(?=\.\w+$)", "", name)
        for name in found
        if not name.endswith((".br", ".gz"))
    }


def addresses(folder: Path, page: str = "index.html") -> list[str]:
    """Addresses of assets on a page."""
    return re.findall(r'"([^"]*assets/[^" ]*\.\w+)"', (folder / page).read_text(encoding="utf-8"))


def test_what_no_page_leads_to_is_dropped(tmp_path: Path) -> None:
    """The theme's own bundle goes; what a stylesheet or a module leads to stays."""
    finish(tree(tmp_path, {
        "assets/css/main.css": "p { background: url('../img/dot.svg') }",
        "assets/img/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "assets/js/main.js": "import('./later.js')\n",
        "assets/js/later.js": "new Worker(new URL('./worker.js', import.meta.url))\n",
        "assets/js/worker.js": "1\n",
        "assets/bundle.min.js": "2\n",
        "assets/lunr/es.js": "3\n",
    }), thorough=False)  # fmt: skip
    kept = {"css/main.css", "img/dot.svg", "js/main.js", "js/later.js", "js/worker.js"}
    assert assets(tmp_path) == {f"assets/{name}" for name in kept}
    assert not (tmp_path / "assets" / "lunr").exists()


def test_names_carry_the_fingerprint_and_every_reference_follows(tmp_path: Path) -> None:
    """Pages at any depth name the file that is there."""
    finish(tree(tmp_path, {}), thorough=False)
    for page in ("index.html", "es/index.html"):
        found = addresses(tmp_path, page)
        assert len(found) == 2
        for address in found:
            assert re.search(r"\.[0-9a-f]{10}\.(css|js)$", address)
            assert ((tmp_path / page).parent / address).is_file()


def test_a_change_below_changes_every_name_above(tmp_path: Path) -> None:
    """A module's name covers what it imports, so that a cache never mixes two editions."""
    names = []
    for text in ("one", "two"):
        folder = tree(tmp_path / text, {"assets/js/main.js": "import('./a.js')\n", "assets/js/a.js": f"'{text}'\n"})
        finish(folder, thorough=False)
        names.append(addresses(folder)[1])
    assert names[0] != names[1]


def test_the_same_tree_has_the_same_names(tmp_path: Path) -> None:
    """Nothing depends on time or place: an unchanged file stays in the reader's cache."""
    for name in ("a", "b"):
        finish(tree(tmp_path / name, {}), thorough=False)
    assert addresses(tmp_path / "a") == addresses(tmp_path / "b")


def test_an_address_from_the_root_is_understood_below_any_folder(tmp_path: Path) -> None:
    """The 404 is served at any depth: its addresses begin with the folder of the site."""
    page = '<link rel="icon" href="/guide/assets/css/main.css">'
    finish(tree(tmp_path, {"404.html": page}), thorough=False)
    assert re.fullmatch(r'<link rel="icon" href="/guide/assets/css/main\.[0-9a-f]{10}\.css">',
                        (tmp_path / "404.html").read_text())  # fmt: skip


def test_every_missing_asset_is_named_at_once(tmp_path: Path) -> None:
    """Two faults, two problems, and nothing is finished."""
    folder = tree(tmp_path, {"index.html": '<img src="assets/a.svg"> <img src="assets/b.svg">'})
    with pytest.raises(Stop) as stop:
        finish(folder)
    assert [problem.what for problem in stop.value.problems] == [
        'leads to "assets/a.svg", which is not there.',
        'leads to "assets/b.svg", which is not there.',
    ]


def test_parts_of_a_stylesheet_become_one(tmp_path: Path) -> None:
    """Imports are replaced in their order, comments go, and the parts are not shipped."""
    finish(tree(tmp_path, {
        "assets/css/main.css": '/* all */\n@import "parts/one.css";\n@import "parts/two.css";\n',
        "assets/css/parts/one.css": "a { color: red; }\n",
        "assets/css/parts/two.css": "b::before { content: \"a  b; /* c */\"; } /* end */\n",
    }), thorough=False)  # fmt: skip
    assert assets(tmp_path) == {"assets/css/main.css", "assets/js/main.js"}
    sheet = next((tmp_path / "assets" / "css").glob("*.css")).read_text()
    assert sheet == 'a{color: red;}b::before{content: "a  b; /* c */";}'


def test_compacting_keeps_what_needs_its_spaces() -> None:
    """Descendants, calc() and conditions mean the same afterwards."""
    text = "@media (width >= 60em) and (hover) { main .a > p { width: calc(1px + 2em); margin: 0 -1px } }"
    assert compact(text) == "@media (width>= 60em) and (hover){main .a>p{width: calc(1px + 2em);margin: 0 -1px}}"


def test_text_lies_compressed_beside_itself(tmp_path: Path) -> None:
    """Both copies unpack to the file as it is after all names were changed."""
    finish(tree(tmp_path, {}))
    text = (tmp_path / "index.html").read_bytes()
    assert brotli.decompress((tmp_path / "index.html.br").read_bytes()) == text
    assert gzip.decompress((tmp_path / "index.html.gz").read_bytes()) == text


def test_the_policy_allows_the_scripts_of_the_theme_alone(tmp_path: Path) -> None:
    """A script that is a file, and data, need no exception."""
    page = '<script type="application/json">{}</script><script src="assets/js/main.js"></script>'
    policy = finish(tree(tmp_path, {"index.html": page}), thorough=False)
    assert "script-src 'self';" in policy


@pytest.mark.parametrize("script", ["<script>let a</script>", '<SCRIPT type="application/javascript">let a</SCRIPT>'])
def test_a_script_in_a_page_stops_the_build(tmp_path: Path, script: str) -> None:
    """It is never allowed in silence, whoever wrote it."""
    with pytest.raises(Stop) as stop:
        finish(tree(tmp_path, {"index.html": script}), thorough=False)
    assert [(problem.file, problem.rule) for problem in stop.value.problems] == [("index.html", "script")]


# ---- modules ----

TAGS = "\n".join(f'<script type="module" src="assets/js/{name}.js"></script>' for name in ("main", "second"))
MODULES = {
    "main.js": """import "./order.js";
import { log, Log as Kept } from "./store.js";
import * as names from "./folder/names.js";
log("main", names.first, new Kept().size);
export const answer = 42;
document.addEventListener("more", async () => (await import("./more.js")).more());
document.addEventListener("alone", async () => (await import("./folder/alone.js")).alone());
""",
    "second.js": """import { log } from "./store.js";
log("second");
""",
    "order.js": """import { log } from "./store.js";
log("order");
""",
    "store.js": """/* One list for all. */
const lines = [];
export function log(...words) {
  lines.push(words.join(" "));
  document.title = JSON.stringify(lines);
}
class Log {
  get size() { return lines.length; }
}
export { Log };
""",
    "more.js": """import { log } from "./store.js";
import { extra } from "./extra.js";
log("more was run");
export const more = () => log("more", extra);
""",
    "extra.js": """export const extra = "extra";
""",
    "folder/names.js": """export const first = "first";
""",
    "folder/alone.js": """const here = new URL(".", import.meta.url).pathname;
export const alone = () => { document.body.dataset.alone = here; };
""",
}


def test_joined_modules_run_as_the_single_ones_do(tmp_path: Path, browser: Browser) -> None:
    """Each part once, in order, with one shared state, also for what comes on demand: the joined page says the same."""
    said = []
    for name in ("single", "joined"):
        page = f"<!doctype html><html><head><title></title>{TAGS}</head><body></body></html>"
        folder = tree(tmp_path / name, {"index.html": page, "es/index.html": "",
                                        **{f"assets/js/{path}": text for path, text in MODULES.items()}})  # fmt: skip
        if name == "joined":
            finish(folder, thorough=False)
        with serve(folder, "default-src 'self'") as site, browser.new_context() as context:
            opened = context.new_page()
            opened.goto(site, wait_until="networkidle")
            for event in ("more", "alone"):
                opened.evaluate("event => document.dispatchEvent(new Event(event))", event)
            expect(opened).to_have_title(re.compile("extra"))
            expect(opened.locator("body[data-alone]")).to_be_attached()
            said.append((json.loads(opened.title()), opened.evaluate("document.body.dataset.alone")))
    assert said[0] == said[1]
    assert said[0] == (["order", "main first 1", "second", "more was run", "more extra"], "/assets/js/folder/")


def test_a_script_is_sent_without_what_only_people_read(tmp_path: Path) -> None:
    """No comment, no blank line, no long local name; texts keep their blanks, also inside one another."""
    script = """/* Why: a comment. */\nfunction said(one) {\n  // another\n  return `a${one ? `  (${one})` : ""} `\n}\n
        document.title = said("b")\n"""
    folder = tree(tmp_path, {"index.html": '<html><script src="assets/js/a.js"></script></html>', "es/index.html": "",
                             "assets/js/a.js": script})  # fmt: skip
    finish(folder, thorough=False)
    [file] = folder.rglob("a.*.js")
    text = file.read_text()
    assert len(text) < len(script) * 0.6
    assert not re.search(r"comment|another|\bone\b|\n", text)
    assert "`  (${" in text


def test_a_script_that_is_none_is_a_problem(tmp_path: Path) -> None:
    """The message names the file and the place in it."""
    folder = tree(tmp_path, {"index.html": '<html><script src="assets/js/a.js"></script></html>', "es/index.html": "",
                             "assets/js/a.js": "const a = {\n"})  # fmt: skip
    with pytest.raises(Stop, match=r"assets/js/a\.js  is no JavaScript: .* line 2"):
        finish(folder, thorough=False)


def test_a_joined_page_asks_for_one_module(tmp_path: Path) -> None:
    """One file with what the page needs at once; what stands alone stays apart until asked for."""
    folder = tree(tmp_path, {"index.html": TAGS, "es/index.html": "",
                             **{f"assets/js/{path}": text for path, text in MODULES.items()}})  # fmt: skip
    finish(folder, thorough=False)
    assert assets(folder) == {"assets/js/main-joined.js", "assets/js/folder/alone.js"}
    assert (folder / "index.html").read_text().count("<script") == 1


@pytest.mark.parametrize(
    "text",
    ["export default 1\n", "export let a = 1\n", "export * from './b.js'\n",
     "import a from './b.js'\n"],
)  # fmt: skip
def test_what_cannot_be_joined_is_a_problem(tmp_path: Path, text: str) -> None:
    """No guess: the message quotes the line."""
    (tmp_path / "b.js").write_text("export const b = 1\n")
    (tmp_path / "a.js").write_text(text)
    with pytest.raises(Stop) as stop:
        join_modules([tmp_path / "a.js"])
    assert text.strip() in str(stop.value)


def test_only_what_nobody_imports_may_wait(tmp_path: Path) -> None:
    """A page's own module may await; in a part that others need it is a problem."""
    (tmp_path / "a.js").write_text("await fetch('x')\n")
    assert "once(async () =>" in join_modules([tmp_path / "a.js"])
    (tmp_path / "b.js").write_text("import './a.js'\n")
    with pytest.raises(Stop, match="await fetch"):
        join_modules([tmp_path / "b.js"])


def test_a_circle_of_modules_is_a_problem(tmp_path: Path) -> None:
    """The message shows the way round."""
    (tmp_path / "a.js").write_text("import './b.js'\n")
    (tmp_path / "b.js").write_text("import './a.js'\n")
    with pytest.raises(Stop, match=r"a\.js → b\.js → a\.js"):
        join_modules([tmp_path / "a.js"])


# ---- dates ----

MONTHS = {f"m{number}": f"month{number}" for number in range(1, 13)}


@pytest.mark.parametrize(
    ("when", "said"),
    [("2018", "2018"), ("1985-10", "month10 1985"), ("2018-08-10", "10 month8 2018"),
     ("2018/2023", "2018 – 2023"), ("2000-10-12/2002-10", "12 month10 2000 – month10 2002")],
)  # fmt: skip
def test_a_date_is_said_as_exactly_as_the_data_knows_it(when: str, said: str) -> None:
    """Year, month, day or a range: nothing is added."""
    assert in_words(when, {"day": "{day} {month} {year}", "month": "{month} {year}", **MONTHS}) == said
