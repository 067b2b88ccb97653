/* <csbp-carry data-lang data-root data-edition>: what a new edition means for answers given under an older one, told by the
   hashes of the texts. Expects <template id="csbp-carried">. Confirming keeps the answer and takes over the new text. */

import { catalogueOf, fill, words } from "./page.js";
import { current, follow, store } from "./store.js";

/** {unchanged, reworded, fresh, retired}: requirements in force and former ones, by what happened to their text. Pure. */
export function carry(answers, { requirements, retired }) {
  const found = { unchanged: [], reworded: [], fresh: [], retired: [] };
  const known = new Set(requirements.map(({ id }) => id));
  for (const item of requirements) {
    const one = answers[item.id];
    const kept = one && one.text_hash.en === item.hash.en && one.text_hash.es === item.hash.es;
    found[!one ? "fresh" : kept ? "unchanged" : "reworded"].push(item);
  }
  for (const id of Object.keys(answers).sort()) {
    if (!known.has(id)) found.retired.push({ id, reason: "", replaced_by: [], ...retired.find((one) => one.id === id) });
  }
  return found;
}

class Carry extends HTMLElement {
  async connectedCallback() {
    const { lang, root } = this.dataset;
    this.catalogue = await catalogueOf(lang, root);
    this.addEventListener("click", ({ target }) => this.#clicked(target));
    store.addEventListener("renew", () => this.#show());
    await follow(() => this.#show());
  }

  async #show() {
    this.replaceChildren();
    if (store.locked) return;
    await store.load();
    this.head = await current();
    if (!this.head) return;
    const answers = Object.fromEntries(store.under(`answer/${this.head.id}/`));
    const found = carry(answers, this.catalogue);
    if (!found.reworded.length && !found.retired.length) return;
    const levelOf = ({ level, na }) => (na ? words("level-na") : level === null ? "" : words(`level-${level}`));
    this.replaceChildren(fill("csbp-carried", {
      unchanged: found.unchanged.length, fresh: found.fresh.length,
      confirm: found.reworded.length, gone: found.retired.length,
      reworded: found.reworded.map((item) => {
        const { asked } = answers[item.id];
        const alike = asked?.text === item.text;
        return { id: item.id, text: item.text, alike, differs: !alike, level: levelOf(answers[item.id]), old: asked?.text ?? words("old-unknown"), oldLang: asked?.lang ?? this.dataset.lang };
      }),
      retired: found.retired.map((one) => ({
        ...one, level: levelOf(answers[one.id]), text: answers[one.id].asked?.text ?? "", note: answers[one.id].note, others: one.replaced_by.join(", "),
      })),
    }));
  }

  async #clicked({ name, value, dataset }) {
    const id = value || dataset.id;
    if (name === "again") document.dispatchEvent(new CustomEvent("ask", { detail: id }));
    if (name !== "confirm") return;
    const item = this.catalogue.requirements.find((one) => one.id === id);
    store.change(`answer/${this.head.id}/${id}`, { text_hash: item.hash, asked: { lang: this.dataset.lang, text: item.text } });
    const place = [...this.querySelectorAll("[name=confirm]")].findIndex(({ value: one }) => one === id);
    await this.#show();
    const list = this.querySelector("section details");
    if (list) list.open = true;
    const left = [...this.querySelectorAll("[name=confirm]")];
    (left[Math.min(place, left.length - 1)] ?? document.querySelector(".item-text"))?.focus();
  }
}

customElements.define("csbp-carry", Carry);
