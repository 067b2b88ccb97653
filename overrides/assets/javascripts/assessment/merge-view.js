/* <csbp-merge data-lang data-root>: shows what files of others say beside what stands here, and brings it together. Hears
   "merge" (detail: [{name, data}]). Expects the templates csbp-merging and csbp-merged, and words minority, own. */

import { compare, join, lowest, newest, stand } from "./merge.js";
import { catalogueOf, fill, inWords, say, words } from "./page.js";
import { current, store } from "./store.js";

const levelName = (level) => (level === null ? "" : words(`level-${level}`));

class Merge extends HTMLElement {
  connectedCallback() {
    document.addEventListener("merge", ({ detail }) => this.#show(detail));
    this.addEventListener("click", ({ target }) => this.#clicked(target.name));
    this.addEventListener("change", () => this.#count());
    store.addEventListener("switch", () => store.locked && this.replaceChildren());
  }

  async #show(sources) {
    const { lang, root } = this.dataset;
    const catalogue = await catalogueOf(lang, root);
    this.head = await current();
    this.sources = sources;
    const own = { name: words("own"), answers: Object.fromEntries(store.under(`answer/${this.head.id}/`)) };
    this.found = compare([own, ...sources.map(({ name, data }) => ({ name, answers: data.answers }))]);
    const texts = new Map(catalogue.requirements.map(({ id, text }) => [id, text]));
    const conflicts = this.found.conflicts.map(({ id, voices }) => ({
      id, text: texts.get(id) ?? voices[0].answer.asked?.text ?? "",
      voices: voices.map(({ name, answer }, place) => ({
        field: `merge-${id}`, value: place, who: answer.by || name, file: name, level: levelName(stand(answer)),
        day: inWords(answer.updated, lang), note: answer.note, reason: answer.na?.reason,
        evidence: answer.evidence.map(({ reference, custodian, date }) => ({ it: [reference, custodian, date].filter(Boolean).join(", ") })),
      })),
    }));
    const answered = new Set([...this.found.agreed, ...this.found.single, ...this.found.conflicts].map(({ id }) => id));
    const counts = {
      agreed: this.found.agreed.length, single: this.found.single.length, conflicts: conflicts.length,
      blank: catalogue.requirements.filter(({ id }) => !answered.has(id)).length,
    };
    this.replaceChildren(fill("csbp-merging", { ...counts, list: conflicts, some: conflicts.length > 0, sources: sources.map((one) => this.#about(one, catalogue)) }));
    this.#count();
    this.querySelector("h2").focus();
    this.scrollIntoView();
  }

  /** What a file is an assessment of, and whether that is something else than what stands here. */
  #about({ name, data }, { lang, scoring }) {
    const target = scoring.targets.find(({ level }) => level === data.target).label;
    const about = [data.site || words("unnamed"), data.scope, inWords(data.review_date, lang), target].filter(Boolean).join(" · ");
    return { file: name, about, other: ["site", "scope", "review_date", "target"].some((field) => data[field] !== this.head[field]) };
  }

  #picked = ({ id, voices }) => {
    const chosen = this.querySelector(`input[name="merge-${id}"]:checked`);
    return chosen ? voices[Number(chosen.value)] : null;
  };

  #count() {
    const open = this.found.conflicts.filter((one) => !this.#picked(one)).length;
    const button = this.querySelector("[name=apply]");
    if (!button) return;
    button.disabled = open > 0;
    this.querySelector(".merge-open").textContent = open ? say(words("merge-open"), { count: open }) : "";
  }

  #clicked(name) {
    if (name === "cancel") this.replaceChildren();
    if (name === "newest" || name === "lowest") {
      for (const { id, voices } of this.found.conflicts) {
        const pick = { newest, lowest }[name](voices);
        this.querySelector(`input[name="merge-${id}"][value="${voices.indexOf(pick)}"]`).checked = true;
      }
      this.#count();
    }
    if (name === "apply") this.#apply();
  }

  #apply() {
    const line = ({ name, level, said }) => say(words("minority"), { name, said: [levelName(level), ...said].filter(Boolean).join(" · ") });
    for (const kind of ["agreed", "single", "conflicts", "notesOnly"]) {
      for (const one of this.found[kind]) {
        const chosen = kind === "conflicts" ? this.#picked(one) : newest(one.voices);
        const joined = join(chosen, one.voices, line);
        const before = one.voices.find(({ own }) => own)?.answer;
        if (JSON.stringify(joined) !== JSON.stringify(before)) store.change(`answer/${this.head.id}/${one.id}`, { ...joined, updated: undefined });
      }
    }
    const risk = { ...this.head.risk };
    for (const { data } of this.sources) {
      for (const [key, value] of Object.entries(data.risk)) risk[key] = Math.max(risk[key] ?? 0, value);
      for (const round of data.snapshots) if (!store.get(`round/${this.head.id}/${round.id}`)) store.change(`round/${this.head.id}/${round.id}`, round);
    }
    store.change(`head/${this.head.id}`, { risk });
    this.replaceChildren(fill("csbp-merged", { files: this.sources.map(({ name }) => name).join(", "), conflicts: this.found.conflicts.length }));
    this.querySelector("p").focus();
    store.dispatchEvent(new Event("renew"));
  }
}

customElements.define("csbp-merge", Merge);
