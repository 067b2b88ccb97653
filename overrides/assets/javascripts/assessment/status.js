/* <csbp-status data-lang data-root>: whether answers are safe, and what to do where they are not. Its sentences stand in it,
   each with data-when="name", and one is shown. Buttons: data-do="save". Contains the form that unlocks. */

import { answersOf, current, roundsOf, store } from "./store.js";

const DAYS_WITHOUT_COPY = 7;

/** Saves the assessment that is being worked on to a file, and remembers when. */
export async function saveCurrent({ edition }, passphrase = null) {
  await store.load();
  const head = await current();
  if (!head) return;
  const { remember, save, toFile } = await import("./file.js");
  const whole = await toFile(head, answersOf(head.id), roundsOf(head.id), edition);
  await save(whole, passphrase);
  remember(store, whole);
  store.change("settings", { backups: { ...store.get("settings")?.backups, [head.id]: new Date().toISOString() } });
  await store.flush();
  store.unsaved = false;
}

class Status extends HTMLElement {
  connectedCallback() {
    store.addEventListener("state", () => this.#show());
    store.addEventListener("stored", () => this.#show());
    this.querySelector("form").addEventListener("submit", (event) => this.#unlock(event));
    this.addEventListener("click", ({ target }) => ({ save: () => saveCurrent(this.dataset), reload: () => location.reload() })[target.dataset.do]?.());
    document.addEventListener("unread", () => {
      this.unread = true;
      this.#show();
    });
    current().then(() => this.#show());
  }

  #show() {
    const settings = store.get("settings");
    const head = store.get(`head/${settings?.current}`);
    const [saved, since] = [settings?.backups?.[head?.id] ?? "", settings?.changed?.[head?.id]];
    const states = {
      locked: store.locked,
      full: store.trouble === "full",
      failed: store.trouble === "failed",
      refused: store.mode === "refused",
      shared: store.mode === "shared",
      unsaved: store.mode !== "device" && store.unsaved,
      copy: head && store.mode === "device" && since > saved && Date.now() - Date.parse(since) > DAYS_WITHOUT_COPY * 86_400_000,
      sealed: Boolean(store.keys),
      unread: this.unread,
    };
    states.saving = store.pending && !store.trouble && !store.locked;
    states.saved = head && !store.pending && store.mode === "device" && !store.locked;
    states.none = !head && !store.locked && store.mode === "device";
    for (const part of this.querySelectorAll("[data-when]")) {
      const hide = !states[part.dataset.when];
      if (part.hidden !== hide) part.hidden = hide;
    }
    for (const place of this.querySelectorAll("[data-site]")) place.textContent = head?.site || place.dataset.site;
    this.dataset.state = store.locked ? "locked" : store.trouble ?? (store.pending ? "saving" : "saved");
    this.hidden = false;
  }

  async #unlock(event) {
    event.preventDefault();
    const [field, wrong] = [event.target.elements.passphrase, this.querySelector(".unlock-wrong")];
    wrong.hidden = true;
    if (await (await import("./vault.js")).unlock(store, field.value)) {
      field.value = "";
      await current();
      this.#show();
    } else {
      wrong.hidden = false;
      field.select();
    }
  }
}

customElements.define("csbp-status", Status);
