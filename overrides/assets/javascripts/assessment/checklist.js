/* <csbp-checklist data-chapter data-lang data-edition>: answers where the requirements stand. Expects .requirement elements
   with data-weight, data-age, data-hash-en and data-hash-es, and the templates of assessment/answer.html. */

import "./answer.js";
import { countGiven } from "./given.js";
import "./status.js";
import { answer, create, current, follow, store } from "./store.js";

const words = document.getElementById("csbp-words").dataset;

class Checklist extends HTMLElement {
  rows = [];

  async connectedCallback() {
    this.rules = JSON.parse(words.rules);
    store.addEventListener("change", ({ detail }) => this.#refresh(detail));
    await follow(() => this.#show());
  }

  async #show() {
    const head = await current();
    // what stands in the fields of one assessment must not be taken for another's
    if (store.locked || head?.id !== this.head?.id) for (const form of this.querySelectorAll("csbp-answer")) form.remove();
    this.head = head;
    this.rows = [...this.querySelectorAll(".requirement:not(.requirement-retired)")];
    if (this.head) await store.load(this.rows.map(({ id }) => `answer/${this.head.id}/${id}`));
    for (const row of store.locked ? [] : this.rows) {
      let form = row.querySelector("csbp-answer");
      if (!form) {
        form = document.createElement("csbp-answer");
        const { weight, age, hashEn: en, hashEs: es } = row.dataset;
        form.item = {
          id: row.id, weight: Number(weight), evidence_max_age_days: Number(age), hash: { en, es },
          text: row.querySelector(".requirement-text").textContent,
        };
        form.addEventListener("answer", ({ detail }) => this.#record(form, detail));
        form.context = () => ({ head: this.head, rules: this.rules });
        row.append(form);
      }
      form.value = store.get(`answer/${this.head?.id}/${row.id}`) ?? null;
    }
    this.#count();
  }

  #record(form, fields) {
    this.head ??= create(this.dataset.edition);
    answer(this.head, form.item, fields, this.dataset.lang);
    this.#count();
  }

  /** What another tab changed: an answer, or the day and the target against which all are judged. */
  #refresh(key) {
    const all = key === `head/${this.head?.id}`;
    if (all) this.head = store.get(key);
    for (const form of this.querySelectorAll("csbp-answer")) {
      const mine = `answer/${this.head?.id}/${form.item.id}`;
      if (all || key === mine) form.value = store.get(mine) ?? null;
    }
    this.#count();
  }

  async #count() {
    const place = document.querySelector(`[data-progress="${this.dataset.chapter}"]`);
    const count = await countGiven(this.rows.map(({ id }) => store.get(`answer/${this.head?.id}/${id}`)), this.rules);
    if (place) place.textContent = count ? words.progress.replace("{count}", count).replace("{all}", this.rows.length) : "";
  }
}

customElements.define("csbp-checklist", Checklist);
