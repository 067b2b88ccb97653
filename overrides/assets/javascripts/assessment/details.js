/* <csbp-details data-edition>: which assessment is worked on, and what it is about. Expects a form with the fields of an
   assessment (site, scope, review_date, target, marking, risk-<chapter>), of this device (name, auditor), a <select name="current">,
   buttons new and remove, and a <dialog> that asks before anything is removed. */

import { create, current, follow, store } from "./store.js";

class Details extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.dialog = this.querySelector("dialog");
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", ({ target }) => this.#changed(target));
    this.addEventListener("click", ({ target, detail }) => detail < 2 && this.#clicked(target.name)); // a double click is one
    store.addEventListener("change", ({ detail }) => detail === `head/${this.head?.id}` && this.#show());
    store.addEventListener("renew", () => this.#show());
    follow(() => this.#show());
  }

  async #show() {
    this.hidden = store.locked;
    if (store.locked) {
      this.form.reset();
      this.form.elements.current.replaceChildren();
      return this.dialog.close();
    }
    await store.load();
    const head = await current();
    // of another assessment nothing stays, neither a field in hand nor the question whether to remove it
    const another = head?.id !== this.head?.id;
    if (another) this.dialog.close();
    this.head = head;
    const { elements } = this.form;
    const heads = store.under("head/").map(([, head]) => head).sort((a, b) => (a.updated < b.updated ? 1 : -1));
    const label = ({ site, scope, review_date: day }) => [site || elements.current.dataset.unnamed, scope, day].filter(Boolean).join(" · ");
    elements.current.replaceChildren(...heads.map((one) => new Option(label(one), one.id, false, one.id === head?.id)));
    elements.current.disabled = heads.length < 2;
    elements.remove.disabled = !heads.length;
    const settings = store.get("settings");
    const values = { review_date: "", target: 3, ...head, name: settings?.name, auditor: settings?.auditor };
    for (const control of elements) {
      if (!control.name || control.name === "current" || (!another && control === document.activeElement)) continue;
      const value = control.name.startsWith("risk-") ? head?.risk[control.name.slice(5)] : values[control.name];
      if (control.type === "checkbox") control.checked = Boolean(value);
      else if (control.type === "radio") control.checked = Number(control.value) === value;
      else if (control.type !== "button") control.value = value ?? "";
    }
  }

  #changed(control) {
    const { name, value } = control;
    if (name === "current") return store.choose(value);
    if (name === "name") return store.change("settings", { name: value });
    if (name === "auditor") return store.change("settings", { auditor: control.checked });
    if (name === "review_date" && !value) return;
    this.head ??= create(this.dataset.edition);
    const risk = { ...store.get(`head/${this.head.id}`).risk };
    if (value) risk[name.slice(5)] = Number(value);
    else delete risk[name.slice(5)];
    const fields = name.startsWith("risk-") ? { risk } : { [name]: name === "target" ? Number(value) : name === "marking" ? value || null : value };
    store.change(`head/${this.head.id}`, fields);
    this.head = store.get(`head/${this.head.id}`);
  }

  #clicked(name) {
    if (name === "new") {
      create(this.dataset.edition);
      this.form.elements.site.focus();
    } else if (name === "remove") {
      this.dialog.showModal();
    } else if (name === "keep") {
      this.dialog.close();
    } else if (name === "really-remove") {
      for (const kind of ["answer", "round"]) for (const [rest] of store.under(`${kind}/${this.head.id}/`)) store.remove(`${kind}/${this.head.id}/${rest}`);
      store.remove(`head/${this.head.id}`);
      this.dialog.close();
      store.choose(store.under("head/")[0]?.[0] ?? null);
    }
  }
}

customElements.define("csbp-details", Details);
