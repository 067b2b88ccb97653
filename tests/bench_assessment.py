"""Figures of the self-assessment on this machine: from a keystroke to its record, and from answers to the report.

Enters: a built member site and its policy. Leaves: milliseconds, the median of several runs, with every requirement
answered. Run by the bench; no test asserts a time.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median

from playwright.sync_api import Page

from tests.assessing import catalogue, full, open_assessment
from tests.browser import chromium, serve

RUNS = 15
#: From the input event to the event that tells that the database has it (page.evaluate).
SAVING = """async (text) => {
  const field = document.querySelector(".run-item [name=note]");
  const line = document.querySelector("csbp-status");
  const saved = new Promise((resolve) => new MutationObserver((_, watcher) => {
    if (line.dataset.state !== "saved") return;
    watcher.disconnect();
    resolve(performance.now());
  }).observe(line, { attributeFilter: ["data-state"] }));
  field.value = text;
  const begun = performance.now();
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return (await saved) - begun;
}"""
#: From choosing the language to the document in the page, laid out; the data is there already.
REPORTING = """async (lang) => {
  const body = document.querySelector(".report-body");
  const shown = new Promise((resolve) => new MutationObserver((_, watcher) => {
    watcher.disconnect();
    document.body.getBoundingClientRect();
    resolve(performance.now());
  }).observe(body, { childList: true }));
  const choice = document.querySelector("[name=language]");
  choice.value = lang;
  const begun = performance.now();
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  return (await shown) - begun;
}"""


def figures(site: str, page: Page) -> dict[str, float]:
    """Milliseconds from input to saved, and for a whole report, with every requirement answered."""
    data = catalogue(site)
    open_assessment(page, site, full(data))
    saving = [page.evaluate(SAVING, f"note {run}") for run in range(RUNS)]
    page.goto(f"{site}report/")
    page.locator(".report").wait_for()
    page.evaluate(REPORTING, "es")
    reporting = [page.evaluate(REPORTING, lang) for lang in ("en", "es") * 4]
    return {
        "requirements": len(data["requirements"]),
        "input to saved (ms)": round(median(saving), 1),
        "report (ms)": round(median(reporting), 1),
    }


def main() -> None:
    """Prints the figures for the build in the folder that is named."""
    build = Path(sys.argv[1])
    policy = json.loads((build / "csp.json").read_text())["member"]
    with chromium() as browser, serve(build / "member", policy) as site:
        for name, value in figures(site, browser.new_page()).items():
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
