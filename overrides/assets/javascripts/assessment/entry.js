/* <csbp-entry data-lang data-root data-edition>: answers from paper, a line each: code with check character, level. Expects a
   textarea, <template id="csbp-line"> and a button enter. A line that is wrong is shown with its reason and not entered. Lines
   that are not entered yet are kept as typed (record entry). */

import { catalogueOf, fill, say, words } from "./page.js";
import { answer, create, current, follow, store } from "./store.js";

const LINE = /^([A-Z]{2})[\s-]*(\d{2})[\s-]*([A-Z])\s*[\s:=,;]\s*([0-4]|N\/?A)$/;

/** {id, level} or {wrong: why, id} for each line that is not empty. Pure; items by id have `check`. */
function readLines(text, items) {
  const seen = new Set();
  return text.split("\n").map((row) => row.trim().toUpperCase()).filter(Boolean).map((row) => {
    const found = LINE.exec(row);
    if (!found) return { row, wrong: "form" };
    const id = `${found[1]}-${found[2]}`;
    const item = items.get(id);
    if (!item) return { row, id, wrong: "unknown" };
    if (item.check !== found[3]) return { row, id, wrong: "check" };
    if (seen.has(id)) return { row, id, wrong: "twice" };
    seen.add(id);
    if (found[4].startsWith("N")) return { row, id, wrong: "na" };
    return { row, id, item, level: Number(found[4]) };
  });
}

class Entry extends HTMLElement {
  async connectedCallback() {
    const { lang, root } = this.dataset;
    const { requirements } = await catalogueOf(lang, root);
    this.items = new Map(requirements.map((item) => [item.id, item]));
    this.field = this.querySelector("textarea");
    this.entered = "";
    this.field.addEventListener("input", () => {
      this.entered = "";
      this.#typed();
    });
    this.querySelector("[name=enter]").addEventListener("click", () => this.#enter());
    await follow(async () => {
      this.hidden = store.locked;
      if (store.locked) this.field.value = "";
      await store.load();
      this.field.value ||= store.get("entry")?.text ?? "";
      await this.#show();
    });
    // in memory a page takes its lines with it
    addEventListener("beforeunload", (event) => store.mode !== "device" && this.field.value.trim() && event.preventDefault());
  }

  async #typed() {
    store.change("entry", { text: this.field.value });
    await this.#show();
  }

  async #show() {
    const head = await current();
    this.lines = readLines(this.field.value, this.items);
    const lines = this.lines.map(({ row, id, level, wrong }) => {
      const { level: before = null, na } = store.get(`answer/${head?.id}/${id}`) ?? {};
      if (wrong) return { row, said: words(`wrong-${wrong}`), state: "wrong", sign: "✗" };
      if (na) return { row, said: say(words("replaces-na"), na), state: "changes", sign: "△" };
      if (before !== null && before !== level) return { row, said: say(words("replaces"), { level: before }), state: "changes", sign: "△" };
      return { row, said: words("right"), state: "right", sign: "✓" };
    });
    const good = this.lines.filter(({ wrong }) => !wrong).length;
    this.querySelector(".entry-lines").replaceChildren(...lines.map((line) => fill("csbp-line", line)));
    const count = lines.length ? say(words("entry-count"), { good, wrong: lines.length - good }) : "";
    this.querySelector(".entry-count").textContent = [this.entered, count].filter(Boolean).join(" ");
    this.querySelector("[name=enter]").disabled = !good;
  }

  async #enter() {
    const good = this.lines.filter(({ wrong }) => !wrong);
    // taken out at once: a second click finds nothing to enter, and what is typed meanwhile stays
    this.field.value = this.lines.filter(({ wrong }) => wrong).map(({ row }) => row).join("\n");
    this.querySelector("[name=enter]").disabled = true;
    const head = (await current()) ?? create(this.dataset.edition);
    for (const { item, level } of good) answer(head, item, { level, na: null }, this.dataset.lang);
    // said with every showing that follows: an assessment that has just begun has the lines shown once more
    this.entered = say(words("entered"), { good: good.length });
    await this.#typed();
    store.dispatchEvent(new Event("renew"));
    this.field.focus();
  }
}

customElements.define("csbp-entry", Entry);
