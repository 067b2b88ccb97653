/* <csbp-status data-lang data-root>: whether answers are safe, and what to do where they are not. Its sentences stand in it,
   each with data-when="name". Buttons: data-do="save", "lock", "reload". Contains the form that unlocks. What settings mean for
   every page that answers is set here too: the auditor's fields, and links that must not replace the page. */

import { answersOf, current, follow, roundsOf, store } from "./store.js";

const DAYS_WITHOUT_COPY = 7;

/** Saves the assessment that is being worked on to a file. What is changed while it is sealed is in no file yet. */
export async function saveCurrent({ edition }, passphrase = null) {
  await store.load();
  const head = await current();
  if (!head) return;
  const { remember, save, toFile } = await import("./file.js");
  const writing = toFile(head, answersOf(head.id), roundsOf(head.id), edition);
  store.copied(head.id);
  const whole = await writing;
  await save(whole, passphrase, store.get("settings")?.name);
  remember(store, whole);
  await store.flush();
}

class Status extends HTMLElement {
  connectedCallback() {
    for (const type of ["state", "stored", "change"]) store.addEventListener(type, () => this.#show());
    this.querySelector("form").addEventListener("submit", (event) => this.#unlock(event));
    this.addEventListener("click", ({ target, detail }) => detail < 2 && this.#clicked(target.dataset.do));
    document.addEventListener("click", ({ target }) => this.#beside(target.closest("a[href]")), true);
    document.addEventListener("unread", () => {
      this.unread = true;
      this.#show();
    });
    follow(() => current().then(() => this.#show()));
  }

  async #clicked(what) {
    if (what === "save") await saveCurrent(this.dataset);
    if (what === "lock") await (await import("./vault.js")).lockNow(store);
    if (what === "reload") location.reload();
  }

  /** Where answers live in the memory of pages, a link opens beside this one, which would take them with it. */
  #beside(link) {
    const here = link?.hash && link.pathname === location.pathname;
    if (link && !here && store.mode !== "device") link.target = "_blank";
  }

  #show() {
    const settings = store.get("settings");
    const head = store.get(`head/${settings?.current}`);
    const since = settings?.changed?.[head?.id];
    const states = {
      [store.mode]: true,
      [store.trouble]: true,
      locked: store.locked,
      unsaved: store.unsaved,
      // a day far ahead is from a clock that was wrong, and says as little about the last copy as one long ago
      copy: head && store.mode === "device" && Math.abs(Date.now() - Date.parse(since)) > DAYS_WITHOUT_COPY * 86_400_000,
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
    for (const place of this.querySelectorAll("[data-sites]")) place.textContent = store.inNoFile.map(({ site }) => site || place.dataset.sites).join(" · ");
    document.documentElement.classList.toggle("with-auditor", Boolean(settings?.auditor));
    this.dataset.state = store.locked ? "locked" : store.trouble ?? (store.pending ? "saving" : "saved");
    this.hidden = false;
  }

  async #unlock(event) {
    event.preventDefault();
    const [field, wrong] = [event.target.elements.passphrase, this.querySelector(".unlock-wrong")];
    wrong.hidden = true;
    if (await (await import("./vault.js")).unlock(store, field.value)) {
      field.value = "";
    } else {
      wrong.hidden = false;
      field.select();
    }
  }
}

customElements.define("csbp-status", Status);
