/* <csbp-files data-edition>: save to a file, open a file, bring in files of others. Expects buttons save, seal; file inputs
   open and bring; a dialog with a form for a passphrase (fields passphrase, again), template csbp-refused, and a list for
   what was refused. Hands files of others to <csbp-merge> by the event "merge". */

import { open, Refused } from "./file.js";
import { agreed, fill, say, words } from "./page.js";
import { saveCurrent } from "./status.js";
import { current, follow, store } from "./store.js";
import { tally } from "./tally.js";

/** Takes a whole file in as an assessment of its own and works on it. */
function adopt({ answers, snapshots, format: _, schema: __, fingerprint: ___, ...head }) {
  store.change(`head/${head.id}`, { ...head, said: tally(head) });
  for (const [id, answer] of Object.entries(answers)) store.change(`answer/${head.id}/${id}`, { ...answer, said: tally(answer) });
  for (const round of snapshots) store.change(`round/${head.id}/${round.id}`, { ...round, updated: round.taken });
  store.choose(head.id);
}

class Files extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.list = this.querySelector(".refused");
    this.addEventListener("click", ({ target, detail }) => detail < 2 && this.#clicked(target.name));
    this.addEventListener("change", ({ target }) => target.type === "file" && this.#opened(target));
    store.addEventListener("state", () => this.#parts());
    follow(() => this.#parts());
  }

  /** On a device with a passphrase the sealed file is the usual one, and the other says that it is not. */
  #parts() {
    this.hidden = store.locked;
    if (store.locked) this.dialog.close(); // hidden with the rest it would still keep the page from being unlocked
    const sealed = Boolean(store.keys);
    this.querySelector(".file-clear").hidden = !sealed;
    this.querySelector("[name=save]").classList.toggle("button-strong", !sealed);
    this.querySelector("[name=seal]").classList.toggle("button-strong", sealed);
  }

  async #clicked(name) {
    if (name === "save") await saveCurrent(this.dataset);
    if (name === "cancel") this.dialog.close();
    if (name !== "seal") return;
    const passphrase = await this.#ask("", true);
    if (passphrase !== null) await saveCurrent(this.dataset, passphrase);
  }

  /** Asks for a passphrase, twice for a new one; null where the reader turns back. */
  #ask(name, fresh = false) {
    const form = this.dialog.querySelector("form");
    const { passphrase, again } = form.elements;
    form.reset();
    this.dialog.querySelector(".ask-file").textContent = name;
    this.dialog.querySelector(".ask-new").hidden = again.disabled = !fresh;
    this.dialog.querySelector(".ask-old").hidden = fresh;
    for (const fault of this.dialog.querySelectorAll(".ask-short, .ask-differ")) fault.hidden = true;
    this.dialog.showModal();
    return new Promise((resolve) => {
      let found = null;
      form.onsubmit = (event) => {
        event.preventDefault();
        if (fresh && !agreed(this.dialog)) return;
        found = passphrase.value;
        this.dialog.close();
      };
      this.dialog.onclose = () => {
        form.reset();
        resolve(found);
      };
    });
  }

  async #opened(input) {
    const files = [...input.files];
    const sources = [];
    this.list.replaceChildren();
    for (const file of files) {
      try {
        sources.push({ name: file.name, data: await open(file, (name) => this.#ask(name)) });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const reason = say(words(`refused-${error.reason}`), { file: file.name, detail: error.detail });
        this.list.append(fill("csbp-refused", { reason }));
      }
    }
    input.value = "";
    if (sources.length) await this.#take(sources, input.name);
  }

  async #take(sources, how) {
    await store.load();
    const rest = [];
    for (const one of sources) {
      const fresh = !store.get(`head/${one.data.id}`);
      if (fresh && (how === "open" || !(await current()))) adopt(one.data);
      else rest.push(one);
    }
    if (how === "open" && rest.length) store.choose(rest[0].data.id);
    if (rest.length) document.dispatchEvent(new CustomEvent("merge", { detail: rest }));
  }
}

customElements.define("csbp-files", Files);
