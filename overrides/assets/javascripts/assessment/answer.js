/* <csbp-answer>: the form for one requirement, made from <template id="csbp-answer">.
   In: properties item {id, weight, evidence_max_age_days, hash}, context() giving {head, rules}, value (an answer or null).
   Out: event "answer" with the fields that changed. A control that is being written in is never touched. */

import { isReworded } from "./given.js";
import { today } from "./store.js";

const words = (name) => document.getElementById("csbp-words").getAttribute(`data-${name}`);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const trimmed = (control) => control.value.trim() || null;

class Answer extends HTMLElement {
  #value = null;
  /** Evidence as this form last knew it: what another tab added meanwhile is not in it, and must not be lost. */
  #known = [];

  connectedCallback() {
    if (this.form) return;
    this.append(document.getElementById("csbp-answer").content.cloneNode(true));
    this.form = this.querySelector("form");
    this.rows = this.querySelector(".evidence-rows");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => this.#changed(target));
    this.rows.addEventListener("focusout", () => setTimeout(() => this.#show()));
    this.form.addEventListener("click", ({ target, detail }) => this.#clicked(target.closest("button"), detail));
    for (const place of this.querySelectorAll("[data-id]")) place.textContent = this.item.id;
    this.#show();
  }

  set value(value) {
    this.#value = value;
    if (this.form) this.#show();
  }

  get value() {
    return this.#value;
  }

  #changed({ name }) {
    const { elements: all } = this.form;
    const na = { reason: all.reason.value, approved_by: all.approved_by.value };
    const fields = {
      level: () => (all.level.value === "na" ? { na } : { level: all.level.value ? Number(all.level.value) : null, na: null }),
      reason: () => ({ na }),
      approved_by: () => ({ na }),
      note: () => ({ note: all.note.value }),
      owner: () => ({ owner: all.owner.value }),
      alternative: () => ({ alternative: all.alternative.value || null }),
      due: () => ({ due: all.due.value || null }),
      target: () => ({ target: all.target.checked ? 4 : null }),
      auditor_level: () => ({ auditor_level: all.auditor_level.value ? Number(all.auditor_level.value) : null }),
    }[name];
    this.#send(fields ? fields() : this.#evidenceNow());
  }

  #evidenceNow() {
    const was = this.#known;
    this.#known = this.#evidence();
    return { evidence: this.#known, was };
  }

  #send({ ...fields }) {
    const { was: _, ...said } = fields;
    if ("level" in said || "na" in said) said.text_hash = this.item.hash; // given to the text in force
    this.#value = { ...this.#value, ...said };
    this.dispatchEvent(new CustomEvent("answer", { bubbles: true, detail: fields }));
    this.#reflect();
  }

  #clicked(button, count) {
    if (button?.name === "clear") {
      for (const radio of this.form.elements.level) radio.checked = false;
      this.#send({ level: null, na: null });
      this.form.elements.level[0].focus();
    } else if (button?.name === "add") {
      this.#row({ type: "document" }).querySelector("select").focus();
    } else if (button?.name === "remove" && count < 2) { // of a double click the second half hits the row below
      button.closest(".evidence-row").remove();
      this.#send(this.#evidenceNow());
      this.form.elements.add.focus();
    }
  }

  #evidence() {
    const rows = [...this.rows.children].map((row) => {
      const [type, reference, custodian, date, by, on] = row.querySelectorAll("select, input");
      return {
        type: type.value, reference: reference.value, custodian: custodian.value, date: date.value || null,
        verified_by: trimmed(by), verified_on: on.value || null,
      };
    });
    return rows.filter((one) => one.reference || one.custodian || one.date || one.verified_by || one.verified_on);
  }

  #row(piece) {
    this.rows.append(document.getElementById("csbp-evidence").content.cloneNode(true));
    const row = this.rows.lastElementChild;
    const names = ["type", "reference", "custodian", "date", "verified_by", "verified_on"];
    row.querySelectorAll("select, input").forEach((control, place) => (control.value = piece[names[place]] ?? ""));
    return row;
  }

  #show() {
    const value = this.#value ?? { evidence: [] };
    const busy = document.activeElement;
    const level = value.na ? "na" : value.level;
    for (const radio of this.form.elements.level) radio.checked = radio.value === String(level ?? "");
    const set = (name, text) => {
      const control = this.form.elements[name];
      if (control !== busy && control.value !== text) control.value = text ?? "";
    };
    for (const name of ["note", "owner", "alternative", "due", "auditor_level"]) set(name, value[name] ?? "");
    if (value.na) for (const name of ["reason", "approved_by"]) set(name, value.na[name]);
    this.form.elements.target.checked = value.target === 4;
    if (!this.rows.contains(busy) && !same(this.#evidence(), value.evidence)) {
      this.rows.replaceChildren();
      this.#known = value.evidence;
      for (const piece of value.evidence) this.#row(piece);
    }
    this.#reflect();
  }

  /** What follows from the answer: which parts show, and what it counts as. */
  async #reflect() {
    const value = this.#value;
    const level = this.form.elements.level.value;
    this.dataset.answered = level;
    this.querySelector(".answer-na").hidden = level !== "na";
    for (const test of this.querySelectorAll("[data-level]")) test.hidden = test.dataset.level !== level;
    const result = this.querySelector(".answer-result");
    this.querySelector(".answer-reworded").hidden = !level || !isReworded(value, this.item);
    if (!level) return (result.hidden = true);
    const { scoreOne } = await import("./scoring.js");
    const { dayNumber } = await import("./days.js");
    const { head, rules } = this.context();
    const { review_date: day, target } = head ?? { review_date: today(), target: 3 };
    const row = scoreOne({ chapter: "", ...this.item }, { evidence: [], ...value }, new Map(), dayNumber(day), target, rules);
    result.hidden = false;
    result.dataset.status = row.status;
    const because = row.na_incomplete ? words("na-incomplete") : row.basis && row.basis !== "claimed" ? words(`basis-${row.basis}`) : "";
    result.textContent = `${words(`finding-${row.status}`)}. ${because}`;
  }
}

customElements.define("csbp-answer", Answer);
