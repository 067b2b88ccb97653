/* <csbp-planner data-lang data-rules>: from a date of admission to milestones, as line, table and calendar file. Expects a
   form with the fields admission, route, decision, and <template id="csbp-path">. Nothing is stored. */

import { dayNumber } from "./days.js";
import { calendar, milestones, note, title } from "./lifecycle.js";
import { download, fill, inWords } from "./page.js";

class Planner extends HTMLElement {
  connectedCallback() {
    this.rules = JSON.parse(this.dataset.rules);
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.#show());
    this.addEventListener("click", ({ target }) => target.name === "calendar" && this.#save());
    this.#show();
  }

  #show() {
    const { lang } = this.dataset;
    const { admission, route, decision } = this.form.elements;
    const place = this.querySelector(".path");
    const wrong = this.querySelector(".path-wrong");
    wrong.hidden = !(decision.value && decision.value < admission.value);
    if (!admission.value || !wrong.hidden) return place.replaceChildren();
    try {
      this.path = milestones(admission.value, route.value, this.rules, decision.value || null);
    } catch {
      return place.replaceChildren();
    }
    const [first, last] = [this.path[0], this.path.at(-1)].map(({ day }) => dayNumber(day));
    const steps = this.path.map((one, index) => {
      const x = 2 + (96 * (dayNumber(one.day) - first)) / (last - first || 1);
      return { number: index + 1, x: `${x}%`, name: title(one, this.rules, lang), day: inWords(one.day, lang), iso: one.day, note: note(one, this.rules, lang), assumed: one.assumed, kind: one.kind };
    });
    place.replaceChildren(fill("csbp-path", { steps, from: steps[0].day, to: steps.at(-1).day }));
  }

  #save() {
    const { lang } = this.dataset;
    const { route } = this.form.elements;
    const seed = `path-${this.path[0].day}`;
    download(this.rules.calendar.file_name[lang], calendar(this.path, route.value, this.rules, lang, { seed, stamp: new Date() }), "text/calendar");
  }
}

customElements.define("csbp-planner", Planner);
