/* <csbp-report data-lang data-root data-edition>: the gap report of the assessment on this device. Expects the controls of
   assessment/report.html, templates csbp-report-en and csbp-report-es, csbp-fields, and dialogs freeze and share. */

import { canonical, fingerprint, isSecure, short } from "./fingerprint.js";
import { FORMAT, remember, save, toFile } from "./file.js";
import { agreed, catalogueOf, download, fill, words } from "./page.js";
import { viewOf } from "./report-view.js";
import { headline, isAccepted, score } from "./scoring.js";
import { csv, disclose, each, fieldsOf } from "./share.js";
import "./status.js";
import { answersOf, current, follow, roundsOf, store } from "./store.js";

const asText = (whole) => JSON.stringify(whole, null, 1);

class Report extends HTMLElement {
  async connectedCallback() {
    this.language = this.querySelector("[name=language]");
    this.language.value = this.dataset.lang;
    this.addEventListener("click", ({ target }) => this.#clicked(target.name));
    this.addEventListener("change", ({ target }) => (target.name === "level" ? this.#preview() : target.name === "language" ? this.#show() : null));
    this.querySelector("form.freeze").addEventListener("submit", (event) => this.#freeze(event));
    store.addEventListener("change", () => this.#soon());
    await follow(() => this.#show());
  }

  #soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#show(), 200);
  }

  #catalogue = (lang) => catalogueOf(lang, this.dataset.root);

  /** Nothing of the answers stays on the page of a locked assessment, nor in a dialog that was left open. */
  #conceal() {
    for (const dialog of this.querySelectorAll("dialog[open]")) dialog.close();
    for (const place of this.querySelectorAll(".report-body, .leaving, .leaving-text, .report-said")) place.replaceChildren();
    Object.assign(this, { head: null, views: [] });
  }

  async #show() {
    const run = (this.run = (this.run ?? 0) + 1);
    const place = this.querySelector(".report-body");
    const tools = this.querySelector(".report-tools");
    if (store.locked) {
      tools.hidden = true;
      return this.#conceal();
    }
    const langs = this.language.value === "both" ? [this.dataset.lang, this.dataset.lang === "en" ? "es" : "en"] : [this.language.value];
    const reading = Promise.all(langs.map((lang) => this.#catalogue(lang)));
    reading.catch(() => {}); // whoever awaits it is told
    await store.load();
    this.head = await current();
    const answers = Object.fromEntries(this.head ? answersOf(this.head.id) : []);
    const empty = !Object.keys(answers).length;
    this.querySelector(".report-none").hidden = !empty;
    tools.hidden = empty || !this.views?.length; // nothing can be printed or handed over before it is made
    if (empty) return place.replaceChildren();
    const kept = roundsOf(this.head.id).sort((a, b) => (a.taken < b.taken ? -1 : 1));
    const rounds = await Promise.all(kept.map(async ({ updated, ...round }) => (
      { ...round, mark: short(round.fingerprint), intact: isSecure ? (await fingerprint(round)) === round.fingerprint : undefined }
    )));
    const catalogues = await reading;
    if (run !== this.run) return; // a newer one is on its way
    this.views = catalogues.map((catalogue) => viewOf(catalogue, this.head, answers, rounds, {
      notSet: words(`not-set-${catalogue.lang}`), proposed: words(`proposed-${catalogue.lang}`),
    }));
    // Only the round whose answers and figures are those on this paper lends it a fingerprint, whatever its clock said.
    const shown = rounds.length ? canonical([await this.#kept(), headline(this.views[0].result, this.views[0].edition)]) : "";
    const same = rounds.findLast(({ intact, answers, result }) => intact && canonical([answers, result]) === shown);
    const frozen = same?.mark ?? "";
    if (run !== this.run) return;
    place.replaceChildren(...this.views.map((view) => fill(`csbp-report-${view.lang}`, { ...view, frozen })));
    tools.hidden = false;
    const { dataset } = document.documentElement;
    for (const lang of ["En", "Es"]) {
      for (const part of ["marking", "title", "running"]) dataset[part + lang] = (part === "marking" && this.head.marking) || words(`${part}-${lang.toLowerCase()}`);
    }
  }

  async #clicked(name) {
    const dialog = (kind) => this.querySelector(`dialog.${kind}`);
    const act = {
      print: () => print(),
      plan: () => this.#plan(),
      freeze: () => dialog("freezing").showModal(),
      share: () => {
        dialog("sharing").showModal();
        this.#preview();
      },
      send: () => this.#send(dialog("sharing")),
      close: () => this.querySelector("dialog[open]").close(),
    }[name];
    await act?.();
  }

  get #level() {
    return this.querySelector("[name=level]:checked").value;
  }

  /** Saves what the chosen level leaves; sealed where a passphrase is given, under a name that tells nothing. The dialog closes
      first: what is chosen, clicked or pressed while this is under way belongs to the next hand-over. */
  async #send(dialog) {
    const level = this.#level;
    const [field, again] = dialog.querySelectorAll("[type=password]");
    const passphrase = field.value;
    const sealed = level !== "anonymous" && Boolean(passphrase || again.value);
    if (sealed && !agreed(dialog)) return;
    field.value = again.value = "";
    dialog.close();
    const whole = await this.#leaving(level);
    const { fingerprint: mark, year } = whole;
    const name = level === "anonymous" ? `csbp-anonymous-${year}.json` : `csbp-${level}-${this.head.review_date}.csbp.json`;
    if (sealed) await save(whole, passphrase);
    else download(name, asText(whole));
    if (level === "full") remember(store, whole);
    this.querySelector(".report-said").textContent = mark ? `${words("handed-over")} ${short(mark)}` : "";
  }

  async #leaving(level) {
    const whole = disclose(await this.#file(), level, this.views[0], await this.#withheld());
    if (whole.format === FORMAT) whole.fingerprint = await fingerprint(whole);
    return whole;
  }

  /** Shows every field of what would leave before it does. */
  async #preview() {
    const level = this.#level;
    const whole = await this.#leaving(level);
    if (level !== this.#level) return; // another one was chosen meanwhile, and shows itself
    this.querySelector(".leaving-sealed").hidden = level === "anonymous";
    const fields = fieldsOf(whole).map((one) => ({ ...one, empty: !one.count }));
    this.querySelector(".leaving").replaceChildren(fill("csbp-fields", { fields }));
    this.querySelector(".leaving-text").textContent = asText(whole);
  }

  /** Answers as a round keeps them. */
  #kept = async () => each((await this.#file()).answers);

  #file = () => toFile(this.head, answersOf(this.head.id), roundsOf(this.head.id), this.dataset.edition);

  /** What stands for a reason that is not handed over: a sufficient one stays sufficient, so that the figures stay. */
  async #withheld() {
    const { scoring } = await this.#catalogue(this.dataset.lang);
    return (na) => (isAccepted(na, scoring) ? words(`withheld-${this.head.language}`) : "");
  }

  /** The plan as a table: days as a spreadsheet sorts them, and below it what it is the plan of. */
  #plan() {
    const [view] = this.views;
    const { lang } = view;
    const table = [words(`plan-head-${lang}`).split("|")];
    for (const one of view.plan) {
      table.push([one.priority, one.id, one.text, one.status, one.supported, one.target, one.week, one.full, one.owner, one.dueOn, one.dueOn ? one.proposed : one.due, one.checked, one.note]);
    }
    const about = [view.site, view.scope, view.edition, view.marking ?? words(`marking-${lang}`)];
    table.push([""], ...words(`plan-about-${lang}`).split("|").map((name, place) => [name, about[place]]));
    download(`csbp-plan-${this.head.review_date}.csv`, csv(table), "text/csv;charset=utf-16le");
  }

  async #freeze(event) {
    event.preventDefault();
    const { title, state } = event.target.elements;
    this.querySelector("dialog.freezing").close(); // first: Enter pressed twice would freeze two rounds
    const answers = await this.#kept();
    const catalogue = await this.#catalogue(this.dataset.lang);
    const round = {
      id: crypto.randomUUID(), taken: new Date().toISOString(), title: title.value, by: store.get("settings")?.name ?? "", state: state.value,
      answers, result: headline(score(catalogue, { ...this.head, answers }), catalogue.edition),
    };
    round.fingerprint = await fingerprint(round);
    store.change(`round/${this.head.id}/${round.id}`, round);
    await store.flush(); // what is said to be frozen is stored
    await this.#show();
    this.querySelector(".report-said").textContent = `${words("frozen")} ${short(round.fingerprint)}`;
  }
}

customElements.define("csbp-report", Report);
