"""A page that cannot be made is told with the place to mend, never with a traceback or in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from guide.building import pages
from guide.page_fault import page_fault
from guide.problems import Problem, Stop
from tests.confirmed import confirm_everything
from tests.test_preview import CHAPTER, project

PAGE = f"docs/es/{CHAPTER}.md"


def built(root: Path) -> tuple[Problem, ...]:
    """The problems of building the site of `root`; that the specimen is short does not count."""
    configuration = root / "mkdocs.yml"
    text = configuration.read_text(encoding="utf-8")
    lenient = text.replace("    audience: member\n", "    audience: member\n    strict_content: false\n")
    assert lenient != text
    configuration.write_text(lenient, encoding="utf-8")
    with pytest.raises(Stop) as stop:
        pages(root, "mkdocs.yml", root / "site")
    return stop.value.problems


@pytest.mark.parametrize("marked", [False, True])
def test_a_macro_that_fails_names_the_page_and_its_line(tmp_path: Path, marked: bool) -> None:
    """The line is the file's own, front matter included; the build ends with a message."""
    root = project(tmp_path)
    file = root / PAGE
    text = file.read_text(encoding="utf-8").replace('{{ case("I15") }}', "{{ 1 / 0 }}")
    file.write_text(text, encoding="utf-8")
    if not marked:  # a mark above the line must not move it
        confirm_everything(root)
    [found] = built(root)
    assert (found.file, found.line) == (PAGE, text[: text.index("{{ 1 / 0 }}")].count("\n") + 1)
    assert "division by zero" in found.what


def test_what_mkdocs_warns_of_is_told(tmp_path: Path) -> None:
    """A strict build ends with what was warned of, not only with how often."""
    root = project(tmp_path)
    configuration = root / "mkdocs.yml"
    configuration.write_text(configuration.read_text(encoding="utf-8") + "\nno_such_setting: 1\n", encoding="utf-8")
    assert ["no_such_setting" in problem.what for problem in built(root)] == [True]


@pytest.mark.parametrize(
    ("template", "said", "line"),
    [("a\n{{ nothing.x }}", "'nothing' is undefined", 2), ("a\nb\n{% endif %}", "Encountered unknown tag 'endif'", 3),
     ("{% include 'inner.html' %}", "'word' is undefined", 4)],
)  # fmt: skip
def test_a_template_that_fails_is_named_itself(tmp_path: Path, template: str, said: str, line: int) -> None:
    """The innermost template is where the mend belongs, with its line; the page is told beside it."""
    (tmp_path / "outer.html").write_text(template)
    (tmp_path / "inner.html").write_text("\n\n\n{{ word }}")
    env = Environment(loader=FileSystemLoader(tmp_path), undefined=StrictUndefined, autoescape=True)
    with pytest.raises(TemplateError) as error:
        env.get_template("outer.html").render()
    found = page_fault(error.value, PAGE, tmp_path)
    assert (found.file, found.line) == ("inner.html" if "include" in template else "outer.html", line)
    assert said in found.what
    assert PAGE in found.what
