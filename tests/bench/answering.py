"""What an officer waits for while answering: an input until it is stored, the report until it is seen.

Enters: our site, with every requirement answered. Leaves: figures, taken by the clock of the browser itself.
"""

from __future__ import annotations

from statistics import median

from playwright.sync_api import Browser, Page, expect

from tests.assessing import catalogue, full, open_assessment
from tests.bench.rows import Figure

RUNS = 15
REPORTS = 7
#: Presses a level that is not chosen; answers with the milliseconds until the page says that it is stored.
ANSWER = """() => new Promise((done, failed) => {
  const status = document.querySelector('csbp-status')
  const levels = [...document.querySelectorAll('csbp-answer input[name=level]:not([value=na])')]
  const watch = new MutationObserver(() => {
    if (status.dataset.state !== 'saved' || !began) return
    watch.disconnect()
    done(performance.now() - began)
  })
  let began = 0
  watch.observe(status, { attributes: true, attributeFilter: ['data-state'] })
  setTimeout(() => failed(new Error('nothing was saved')), 10000)
  began = performance.now()
  levels.find((one) => !one.checked).click()
})"""
#: Notes when the body of the report has content, from the beginning of the navigation to the frame that shows it.
REPORT = """new MutationObserver((_, watch) => {
  if (!document.querySelector('.report-body')?.firstElementChild) return
  watch.disconnect()
  requestAnimationFrame(() => { window.reportSeen = performance.now() })
}).observe(document, { childList: true, subtree: true })"""
#: Chooses the other language for the report and back (its catalogue is there then); answers with the milliseconds from
#: asking to the frame that shows it.
REDRAW = """() => {
  const body = document.querySelector('.report-body')
  const choice = document.querySelector('[name=language]')
  const ask = (value) => new Promise((done) => {
    new MutationObserver((_, watch) => {
      watch.disconnect()
      requestAnimationFrame(() => done(performance.now() - begun))
    }).observe(body, { childList: true })
    choice.value = value
    const begun = performance.now()
    choice.dispatchEvent(new Event('change', { bubbles: true }))
  })
  return ask('es').then(() => ask('en'))
}"""


def measure(browser: Browser, site: str) -> dict[str, Figure]:
    """Input to saved in the assessment, and the report, with an answer to every requirement."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        data = catalogue(site)
        open_assessment(page, site, full(data))
        page.locator("[name=next]").click()
        saves = [float(page.evaluate(ANSWER)) for _ in range(RUNS)]
        reports, works = zip(*(_report(page, site) for _ in range(REPORTS)), strict=True)
        page.goto(f"{site}report/")
        expect(page.locator(".report-body > *").first).to_be_visible()
        redrawn = [float(page.evaluate(REDRAW)) for _ in range(REPORTS)]
    loaded = f"{len(data['requirements'])} requirements"
    work = f"{median(works):.0f} ms of processor in the page"
    return {
        "answer.saved": Figure(median(saves), None, RUNS, f"{loaded}; longest {max(saves):.0f}"),
        "answer.report": Figure(median(reports), None, REPORTS, f"from the request for the page; {work}"),
        "answer.redrawn": Figure(median(redrawn), None, REPORTS, f"longest {max(redrawn):.0f}"),
    }


def _report(page: Page, site: str) -> tuple[float, float]:
    """Milliseconds until the report is seen, and those for which the page's own thread worked."""
    tab = page.context.new_page()
    tools = page.context.new_cdp_session(tab)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.add_init_script(REPORT)
    tab.goto(f"{site}report/")
    expect(tab.locator(".report-body > *").first).to_be_visible()
    taken = float(tab.evaluate("window.reportSeen"))
    metrics = {one["name"]: one["value"] for one in tools.send("Performance.getMetrics")["metrics"]}
    tab.close()
    return taken, 1000 * metrics["TaskDuration"]
