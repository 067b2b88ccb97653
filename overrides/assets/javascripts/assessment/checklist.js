/* <csbp-checklist data-chapter data-lang data-edition>: answers where the requirements stand. Expects .requirement elements
   with data-weight, data-age, data-hash-en and data-hash-es, and the templates of assessment/answer.html. */

import "./answer.js";
import "./status.js";
import { answer, create, current, follow, store } from "./store.js";

const words = document.getElementById("csbp-words").dataset;

class Checklist extends HTMLElement {
  async connectedCallback() {
    this.rules = JSON.parse(words.rules);
    store.addEventListener("change", ({ detail }) => this.#refresh(detail));
    await follow(() => this.#show());
  }

  async #show() {
    this.head = await current();
    this.rows = [...this.querySelectorAll(".requirement:not(.requirement-retired)")];
    if (this.head) await store.load(this.rows.map(({ id }) => `answer/${this.head.id}/${id}`));
    for (const row of this.rows) {
      let form = row.querySelector("csbp-answer");
      if (store.locked) {
        form?.remove();
        continue;
      }
      if (!form) {
        form = document.createElement("csbp-answer");
        const { weight, age, hashEn: en, hashEs: es } = row.dataset;
        form.item = {
          id: row.id, weight: Number(weight), evidence_max_age_days: Number(age), hash: { en, es },
          text: row.querySelector(".requirement-text").textContent,
        };
        form.addEventListener("answer", ({ detail }) => this.#record(form, detail));
        form.context = () => this.#context();
        row.append(form);
      }
      form.value = store.get(`answer/${this.head?.id}/${row.id}`) ?? null;
    }
    this.#count();
  }

  #context() {
    const { review_date = new Date().toISOString().slice(0, 10), target = 3 } = this.head ?? {};
    return { review_date, target, rules: this.rules };
  }

  #record(form, fields) {
    this.head ??= create(this.dataset.edition);
    answer(this.head, form.item, fields, this.dataset.lang);
    this.#count();
  }

  #refresh(key) {
    const row = this.rows.find(({ id }) => key === `answer/${this.head?.id}/${id}`);
    if (row) row.querySelector("csbp-answer").value = store.get(key) ?? null;
    if (row) this.#count();
  }

  #count() {
    const place = document.querySelector(`[data-progress="${this.dataset.chapter}"]`);
    const answers = this.rows.map(({ id }) => store.get(`answer/${this.head?.id}/${id}`));
    const count = answers.filter((one) => one && (one.level !== null || one.na)).length;
    if (place && count) place.textContent = words.progress.replace("{count}", count).replace("{all}", this.rows.length);
  }
}

customElements.define("csbp-checklist", Checklist);
