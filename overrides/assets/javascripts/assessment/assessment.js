/* <csbp-assessment data-lang data-root data-edition>: requirements one after the other. Expects the controls of
   assessment/assessment.html and <template id="csbp-item">. Other parts ask for a requirement by the event "ask" (detail: id). */

import "./answer.js";
import { isReworded } from "./given.js";
import { catalogueOf, fill, say, words } from "./page.js";
import { isAccepted, scoreOne } from "./scoring.js";
import { dayNumber } from "./days.js";
import "./status.js";
import { answer, create, current, follow, store } from "./store.js";

/** Milliseconds in a triage from a level to the next requirement: the choice is seen, and a double click hits one only. */
const SEEN = 350;
const rules = JSON.parse(document.getElementById("csbp-words").dataset.rules);
/** Whether the score counts it as answered, too. */
const given = (one) => Boolean(one) && (one.na ? isAccepted(one.na, rules) : one.level !== null);

/** Minutes in words; hours where that is what a reader plans with. */
function duration(minutes, lang) {
  const [count, unit] = minutes < 120 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

class Assessment extends HTMLElement {
  async connectedCallback() {
    const { lang, root } = this.dataset;
    this.controls = this.querySelector(".run-choose");
    this.catalogue = await catalogueOf(lang, root);
    this.chapters = new Map(this.catalogue.chapters.map((chapter) => [chapter.code, chapter]));
    this.controls.elements.chapter.append(...this.catalogue.chapters.map((one) => new Option(`${one.code} ${one.title}`, one.code)));
    this.controls.addEventListener("change", () => this.#choose());
    this.addEventListener("click", ({ target }) => this.#clicked(target.closest("button")));
    for (const kind of ["pointerup", "keydown"]) this.addEventListener(kind, ({ target, key = "Enter" }) => key === "Enter" && target.name === "level" && this.#onward());
    document.addEventListener("ask", ({ detail }) => this.#ask(detail));
    store.addEventListener("change", ({ detail }) => this.#refresh(detail));
    store.addEventListener("stored", ({ detail }) => detail.includes(`head/${this.working}`) && this.#refresh(`head/${this.working}`));
    store.addEventListener("renew", () => this.#choose(this.list?.[this.at]?.id) ?? this.#progress());
    await follow(() => this.#open());
  }

  async #open() {
    this.querySelector(".run").hidden = store.locked;
    if (store.locked) {
      this.list = null;
      for (const cell of document.querySelectorAll("[data-chapter-count]")) cell.textContent = "–";
      return this.querySelector(".run-item").replaceChildren();
    }
    await store.load();
    const before = this.working;
    this.working = (await current())?.id;
    if (!this.list || this.working !== before) this.#choose(this.place);
    this.#progress();
  }

  get head() {
    return store.get(`head/${this.working}`);
  }

  get place() {
    return store.get("settings")?.places?.[this.working];
  }

  of = (id) => store.get(`answer/${this.working}/${id}`);

  /** Whether a requirement belongs to the view that was chosen. */
  #wanted(item, view) {
    const one = this.of(item.id);
    return {
      all: () => true,
      triage: () => item.weight >= this.catalogue.scoring.effort.triage_weight,
      open: () => !given(one),
      evidence: () => given(one) && this.#row(item, one).basis === "no_evidence",
      gaps: () => given(one) && this.#row(item, one).gap > 0,
      na: () => Boolean(one?.na),
      confirm: () => given(one) && isReworded(one, item),
    }[view]();
  }

  #row(item, one) {
    return scoreOne(item, one, new Map(Object.entries(this.head.risk)), dayNumber(this.head.review_date), this.head.target, this.catalogue.scoring);
  }

  #choose(start) {
    const { view, chapter, weight } = this.controls.elements;
    this.list = this.catalogue.requirements.filter(
      (item) => (!chapter.value || item.chapter === chapter.value) && (!weight.value || item.weight === Number(weight.value)) && this.#wanted(item, view.value),
    );
    const place = this.list.findIndex(({ id }) => id === start);
    this.#go(place >= 0 ? place : Math.max(this.#unanswered(), 0));
  }

  #unanswered = (from = 0) => this.list.findIndex(({ id }, place) => place >= from && !given(this.of(id)));

  /** In a triage the next open one follows a level that was chosen by pointer or confirmed by Enter: arrow keys only pass
      over levels (their click looks like a pointer's in some browsers), and N/A waits for its reason. */
  #onward() {
    clearTimeout(this.timer);
    if (this.controls.elements.view.value !== "triage") return;
    this.timer = setTimeout(() => {
      const id = this.list?.[this.at]?.id;
      const { level = null, na } = this.of(id) ?? {};
      if (level === null || na) return;
      const next = Math.max(this.#unanswered(this.at), this.#unanswered());
      if (next >= 0) this.#go(next, { id, level: words(`level-${level}`) });
      this.querySelector(next < 0 ? ".run-done" : ".item-text").focus();
    }, SEEN);
  }

  /** The end of a triage: what the first picture shows, until something is open again. */
  #finish() {
    const place = this.querySelector(".run-done");
    place.hidden = this.controls.elements.view.value !== "triage" || !this.list?.length || this.#unanswered() >= 0;
    if (place.hidden) return;
    const counts = { all: this.list.length, not_in_place: 0, not_evidenced: 0 };
    for (const item of this.list) counts[this.#row(item, this.of(item.id)).critical] += 1;
    place.firstElementChild.textContent = say(words("triaged"), counts);
  }

  #go(place, taken) {
    clearTimeout(this.timer);
    this.at = Math.min(Math.max(place, 0), this.list.length - 1);
    this.#finish();
    const item = this.list[this.at];
    const holder = this.querySelector(".run-item");
    this.querySelector(".run-none").hidden = Boolean(item);
    this.querySelector(".run-place").textContent = item ? say(words(taken ? "taken" : "place"), { at: this.at + 1, all: this.list.length, ...taken }) : "";
    const [back, next] = this.querySelectorAll("[name=back], [name=next]");
    back.disabled = this.at <= 0;
    next.disabled = this.at >= this.list.length - 1;
    if (!item) return holder.replaceChildren();
    const chapter = this.chapters.get(item.chapter);
    const link = `${this.dataset.root}${this.dataset.lang === "es" ? "es/" : ""}chapters/${chapter.slug}/${location.protocol === "file:" ? "index.html" : ""}#${item.id}`;
    const form = document.createElement("csbp-answer");
    Object.assign(form, { item, context: () => ({ head: this.head, rules: this.catalogue.scoring }) });
    form.value = this.of(item.id) ?? null;
    form.addEventListener("answer", ({ detail }) => this.#record(item, detail));
    const filled = fill("csbp-item", { ...item, link, title: chapter.title, weightName: words(`weight-${item.weight}`) });
    filled.querySelector(".item-answer").append(form);
    holder.replaceChildren(filled);
  }

  #record(item, fields) {
    this.working ??= create(this.dataset.edition).id;
    answer(this.head, item, fields, this.dataset.lang);
    if (this.place !== item.id) {
      store.change("settings", { places: { ...store.get("settings")?.places, [this.working]: item.id } });
    }
    this.#progress();
  }

  #clicked(button) {
    const act = {
      back: () => this.#go(this.at - 1),
      next: () => this.#go(this.at + 1),
      resume: () => this.#set("all", "", "", this.place),
      triage: () => this.#set("triage", "", ""),
      evidence: () => this.#set("evidence", "", this.catalogue.scoring.effort.triage_weight),
      five: () => {
        this.#set("open", "", "");
        this.list = this.list.toSorted((a, b) => b.weight - a.weight).slice(0, 5);
        this.#go(0);
      },
    }[button?.name];
    if (!act) return;
    act();
    this.querySelector(".item-text")?.focus();
  }

  #set(view, chapter, weight, start) {
    const { elements } = this.controls;
    [elements.view.value, elements.chapter.value, elements.weight.value] = [view, chapter, weight];
    this.#choose(start);
  }

  #ask(id) {
    this.#set("all", "", "", id);
    this.querySelector(".item-text")?.focus();
  }

  #refresh(key) {
    const item = this.list?.[this.at];
    const [mine, about] = [`answer/${this.working}/${item?.id}`, `head/${this.working}`];
    if (item && (key === mine || key === about)) this.querySelector("csbp-answer").value = store.get(mine) ?? null;
    this.#progress();
  }

  /** How far, how long still, and where: per chapter in the table. */
  #progress() {
    const { requirements, scoring } = this.catalogue;
    const open = requirements.filter(({ id }) => !given(this.of(id)));
    const essential = open.filter(({ weight }) => weight >= scoring.effort.triage_weight);
    const all = requirements.length;
    const values = {
      answered: all - open.length, all, time: duration(open.length * scoring.effort.minutes_per_requirement, this.dataset.lang),
      essential: essential.length, minutes: Math.ceil((essential.length * scoring.effort.triage_seconds) / 60),
    };
    this.querySelector(".run-progress").textContent = say(words("answered"), values);
    this.querySelector("[name=triage]").textContent = say(words(essential.length ? "triage" : "triage-over"), values);
    Object.assign(this.querySelector("progress"), { max: all, value: values.answered });
    this.#finish();
    for (const cell of document.querySelectorAll("[data-chapter-count]")) {
      const mine = requirements.filter(({ chapter }) => chapter === cell.dataset.chapterCount);
      cell.textContent = mine.length ? `${mine.filter(({ id }) => given(this.of(id))).length} / ${mine.length}` : "–";
    }
  }
}

customElements.define("csbp-assessment", Assessment);
