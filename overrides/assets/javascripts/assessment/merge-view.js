/* <csbp-merge data-lang data-root>: shows what files of others say beside what stands here, and brings it together. Hears
   "merge" (detail: [{name, data}]). Expects the templates csbp-merging, csbp-merged and csbp-fields-merged (the names of fields), and words. */

import { compare, isFuture, lowest, newest, settle, settleHeads } from "./merge.js";
import { catalogueOf, fill, inWords, levelName, say, words } from "./page.js";
import { current, store } from "./store.js";
import { stand } from "./tally.js";

const fieldName = (field) => document.getElementById("csbp-fields-merged").getAttribute(`data-${field}`);
const shown = (evidence) => evidence.map(({ reference, custodian, date }) => ({ it: [reference, custodian, date].filter(Boolean).join(", ") }));

class Merge extends HTMLElement {
  connectedCallback() {
    document.addEventListener("merge", ({ detail }) => this.#show(detail));
    this.addEventListener("click", ({ target }) => this.#clicked(target.name));
    this.addEventListener("change", () => this.#count());
    store.addEventListener("switch", () => this.replaceChildren());
  }

  /** All voices as they are now, the reader's own first, and what they come to. */
  #compare() {
    const lang = this.head.language;
    const line = (name, said) => {
      const what = said === "na" || Number.isInteger(said) ? say(fieldName(`level-${lang}`), { level: said === "na" ? "N/A" : said }) : said;
      return say(words("minority"), { name: name || fieldName(`unnamed-${lang}`), said: what });
    };
    this.line = line;
    const own = { name: words("own"), data: this.head, answers: Object.fromEntries(store.under(`answer/${this.head.id}/`)) };
    const voices = [own, ...this.sources.map(({ name, data }) => ({ name, data, answers: data.answers }))];
    this.heads = voices.map(({ name, data }, place) => ({ name, own: place === 0, one: data }));
    this.seen = JSON.stringify([own.data, own.answers]);
    this.found = compare(voices, line);
    this.about = settleHeads(this.heads);
  }

  async #show(sources) {
    const { lang, root } = this.dataset;
    this.catalogue = await catalogueOf(lang, root);
    this.head = await current();
    this.sources = sources;
    this.#compare();
    const texts = new Map(this.catalogue.requirements.map(({ id, text }) => [id, text]));
    const textOf = ({ id, voices }) => texts.get(id) ?? voices[0].one.asked?.text ?? "";
    const { conflicts, changed, agreed, older } = this.found;
    const answered = new Set([...agreed, ...changed.filter(({ result }) => stand(result) !== null), ...conflicts].map(({ id }) => id));
    const choices = [
      ...this.about.open.map(({ field, voices }) => ({
        id: fieldName(field), text: "",
        voices: voices.map(({ name, own, one }, place) => ({ field: `merge-${field}`, value: place, chosen: own, level: this.#inWords(field, one[field]), file: name })),
      })),
      ...conflicts.map((one) => ({
        id: one.id, text: textOf(one),
        voices: one.live.map(({ name, one: answer }, place) => ({
          field: `merge-${one.id}`, value: place, who: answer.by || name, file: name, level: levelName(stand(answer)),
          day: inWords(answer.updated, lang), future: isFuture(answer), note: answer.note, reason: answer.na?.reason, evidence: shown(answer.evidence),
        })),
      })),
    ];
    const taken = [
      ...this.about.changed.map((field) => {
        const [was, now] = [this.head, this.about.head].map((head) => this.#inWords(field, field.startsWith("risk.") ? head.risk[field.slice(5)] : head[field]));
        return { id: field.startsWith("risk.") ? `${fieldName("risk")} ${field.slice(5)}` : fieldName(field), change: `${was} → ${now}` };
      }),
      ...changed.map((one) => ({ id: one.id, text: textOf(one), change: this.#change(one), who: [...new Set(one.voices.filter(({ own }) => !own).map(({ name, one: { by } }) => by || name))].join(", ") })),
    ];
    const counts = {
      agreed: agreed.length, changed: changed.length, conflicts: conflicts.length, older,
      blank: this.catalogue.requirements.filter(({ id }) => !answered.has(id)).length,
    };
    this.replaceChildren(fill("csbp-merging", { ...counts, choices, some: conflicts.length > 0, taken, all: taken.length, sources: sources.map((one) => this.#source(one)) }));
    this.#count();
    this.querySelector("h2").focus();
    this.scrollIntoView();
  }

  #inWords(field, value) {
    if (value === null || value === undefined || value === "") return words("not-set");
    if (field === "review_date") return inWords(value, this.dataset.lang);
    return field === "target" ? this.catalogue.scoring.targets.find(({ level }) => level === value).label : String(value);
  }

  /** What changes in an answer: its level if that does, and the names of its other fields. */
  #change({ own, result }) {
    const differs = (field) => JSON.stringify(own?.[field] ?? null) !== JSON.stringify(result[field] ?? null) && (own || result[field]?.length !== 0);
    const [was, now] = [own && stand(own), stand(result)];
    const fields = ["evidence", "note", "owner", "due", "alternative", "target", "auditor_level"].filter(differs).map((field) => fieldName(field === "target" ? "own_target" : field));
    return [...(was === now && fields.length ? [] : [`${levelName(was)} → ${levelName(now)}`]), ...fields].join(" · ");
  }

  /** What a file is an assessment of, and whether it is another one than what stands here. */
  #source({ name, data }) {
    const about = [data.site || words("unnamed"), data.scope, inWords(data.review_date, this.dataset.lang), this.#inWords("target", data.target)].filter(Boolean).join(" · ");
    const other = this.about.open.some(({ field, voices }) => voices.some(({ one }) => one === data && one[field] !== this.head[field]));
    return { file: name, about, other };
  }

  #picked = (name, voices) => {
    return voices[this.querySelector(`input[name="merge-${name}"]:checked`)?.value] ?? null;
  };

  #count() {
    const open = this.found.conflicts.filter(({ id, live }) => !this.#picked(id, live)).length;
    const button = this.querySelector("[name=apply]");
    if (!button) return;
    button.disabled = open > 0;
    this.querySelector(".merge-open").textContent = open ? say(words("merge-open"), { count: open }) : "";
  }

  #clicked(name) {
    if (name === "cancel") this.replaceChildren();
    if (name === "newest" || name === "lowest") {
      for (const { id, live } of this.found.conflicts) this.#pick(id, live.indexOf({ newest, lowest }[name](live)));
      this.#count();
    }
    if (name === "apply") this.#apply();
  }

  #pick(id, place) {
    const input = this.querySelector(`input[name="merge-${id}"][value="${place}"]`);
    if (input) input.checked = true;
  }

  /** What was shown is brought together; where something was written here meanwhile, it is compared and shown again. */
  async #apply() {
    this.querySelector("[name=apply]").disabled = true;
    await store.load();
    const [before, head] = [this.seen, await current()];
    if (head?.id !== this.head.id) return this.replaceChildren();
    const picks = this.found.conflicts.map(({ id, live }) => [id, this.#picked(id, live)?.one]);
    const answers = Object.fromEntries(store.under(`answer/${head.id}/`));
    if (JSON.stringify([head, answers]) !== before) {
      await this.#show(this.sources);
      for (const [id, one] of picks) this.#pick(id, this.found.conflicts.find((conflict) => conflict.id === id)?.live.findIndex((voice) => JSON.stringify(voice.one) === JSON.stringify(one)));
      this.#count();
      return this.querySelector(".merge-open").prepend(`${words("merge-again")} `);
    }
    const { conflicts, changed, agreed, blank } = this.found;
    const settled = [...changed, ...agreed, ...blank, ...conflicts.map((one) => ({ ...one, result: settle(one.voices, this.#picked(one.id, one.live), this.line) }))];
    const headPicks = Object.fromEntries(this.about.open.map(({ field, voices }) => [field, this.#picked(field, voices)]));
    const about = settleHeads(this.heads, headPicks).head;
    for (const { id, own, result } of settled) {
      if (JSON.stringify(result) !== JSON.stringify(own)) store.change(`answer/${head.id}/${id}`, result);
    }
    for (const { data } of this.sources) {
      for (const round of data.snapshots) if (!store.get(`round/${head.id}/${round.id}`)) store.change(`round/${head.id}/${round.id}`, round);
    }
    store.change(`head/${head.id}`, about);
    this.replaceChildren(fill("csbp-merged", { files: this.sources.map(({ name }) => name).join(", "), conflicts: conflicts.length }));
    this.querySelector("p").focus();
    store.dispatchEvent(new Event("renew"));
  }
}

customElements.define("csbp-merge", Merge);
