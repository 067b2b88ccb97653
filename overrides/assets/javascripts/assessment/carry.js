/* <csbp-carry data-lang data-root data-edition>: what a new edition means for answers given under an older one, told by the
   hashes of the texts. Expects <template id="csbp-carried">. Confirming keeps the answer and takes over the new text. */

import { isReworded } from "./given.js";
import { catalogueOf, fill, levelName, words } from "./page.js";
import { current, follow, store } from "./store.js";
import { stand } from "./tally.js";

/** {unchanged, reworded, fresh, retired}: requirements in force and former ones, by what happened to their text. Pure. */
function carry(answers, { requirements, retired }) {
  const found = { unchanged: [], reworded: [], fresh: [], retired: [] };
  const known = new Set(requirements.map(({ id }) => id));
  for (const item of requirements) {
    const one = answers[item.id];
    found[!one ? "fresh" : isReworded(one, item) ? "reworded" : "unchanged"].push(item);
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
    this.addEventListener("click", ({ target, detail }) => this.#clicked(target, detail));
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
    const levelOf = (one) => levelName(stand(one));
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

  async #clicked({ name, value, dataset }, count) {
    const id = value || dataset.id;
    if (name === "again") document.dispatchEvent(new CustomEvent("ask", { detail: id }));
    if (name !== "confirm" || count > 1) return; // of a double click the second half hits the one that moved up
    const item = this.catalogue.requirements.find((one) => one.id === id);
    const key = `answer/${this.head.id}/${id}`;
    store.change(key, { text_hash: item.hash, asked: { lang: this.dataset.lang, text: item.text } });
    store.dispatchEvent(new CustomEvent("change", { detail: key })); // for the form below
    const place = [...this.querySelectorAll("[name=confirm]")].findIndex(({ value: one }) => one === id);
    await this.#show();
    const list = this.querySelector("section details");
    if (list) list.open = true;
    const left = [...this.querySelectorAll("[name=confirm]")];
    (left[Math.min(place, left.length - 1)] ?? document.querySelector(".item-text"))?.focus();
  }
}

customElements.define("csbp-carry", Carry);
