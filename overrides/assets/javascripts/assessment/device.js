/* <csbp-device>: passphrase, shared computer, health of the storage, removal. Expects the parts of assessment/device.html:
   a form for a passphrase, buttons persist, open-up, share, unshare, wipe, and a dialog that asks before removal. */

import { agreed, say, words } from "./page.js";
import { follow, store } from "./store.js";

const megabytes = (bytes, lang) => new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(bytes / 1e6);

class Device extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form.set-passphrase");
    this.form.addEventListener("submit", (event) => this.#protect(event));
    this.dialog = this.querySelector("dialog");
    this.addEventListener("click", ({ target }) => this.#clicked(target.name));
    store.addEventListener("state", () => this.#parts());
    this.querySelector("details").addEventListener("toggle", () => this.#health());
    follow(() => this.#parts());
  }

  #parts() {
    const states = {
      phrase: !store.locked && store.mode === "device", set: !store.vault, change: Boolean(store.keys),
      share: store.mode === "device", unshare: store.mode === "shared",
    };
    for (const part of this.querySelectorAll("[data-when]")) part.hidden = !states[part.dataset.when];
  }

  async #health() {
    const { storage } = navigator;
    if (!storage) return; // not over plain http, where this part is not shown
    const { usage = 0, quota = 0 } = await storage.estimate().catch(() => ({}));
    const kept = await storage.persisted().catch(() => false);
    const lang = document.documentElement.lang;
    const values = { used: megabytes(usage, lang), free: megabytes(quota - usage, lang) };
    this.querySelector(".health").textContent = `${say(words("health"), values)} ${words(kept ? "kept" : "not-kept")}`;
    this.querySelector("[name=persist]").hidden = kept;
  }

  async #protect(event) {
    event.preventDefault();
    if (!agreed(this.form)) return;
    const passphrase = this.form.elements.passphrase.value;
    this.form.reset(); // Enter pressed twice does not begin it twice
    await (await import("./vault.js")).protect(store, passphrase);
    this.#said("protected");
  }

  #said(name) {
    this.querySelector(".device-said").textContent = words(name);
  }

  async #share(on) {
    this.#said((await store.share(on)) ? (on ? "is-shared" : "not-shared") : "save-first");
    this.querySelector(`[name=${on ? "un" : ""}share]`).focus();
  }

  async #clicked(name) {
    const act = {
      persist: async () => {
        await navigator.storage.persist();
        await this.#health();
      },
      "open-up": async () => {
        await (await import("./vault.js")).unprotect(store);
        this.#said("unprotected");
      },
      share: () => this.#share(true),
      unshare: () => this.#share(false),
      wipe: () => this.dialog.showModal(),
      keep: () => this.dialog.close(),
      "really-wipe": () => store.wipe(),
    }[name];
    await act?.();
  }
}

customElements.define("csbp-device", Device);
