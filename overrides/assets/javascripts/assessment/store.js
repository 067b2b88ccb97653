/* What the reader answers, kept on this device. In: changes of fields. Out: records, and events "change" (detail: key,
   from another tab), "state" (is it stored?), "switch" (another assessment, locked, unlocked). Keys: settings, head/<assessment>, answer/<assessment>/<requirement>, round/<assessment>/<round>.
   Each answer is a record of its own and only changed fields are written over what is stored, so two tabs and a crash
   lose nothing. Under a passphrase (vault.js) names and contents are sealed. Nothing here can reach a network. */

import { Device, Memory, NAME } from "./medium.js";

const SHARED = "csbp_shared";

const remembered = () => {
  try {
    return sessionStorage.getItem(SHARED) !== null;
  } catch {
    return false;
  }
};
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
/** Now, but always after `before`: a clock that was set back must not make a newer answer look older. */
const stamp = (before) => new Date(Math.max(Date.now(), before ? Date.parse(before) + 1 : 0)).toISOString();

class Store extends EventTarget {
  cache = new Map();
  /** device, shared (chosen) or refused (the browser keeps nothing). */
  mode = "device";
  locked = false;
  vault = null;
  keys = null;
  /** null, "full" or "failed": what keeps changes from being stored. */
  trouble = null;
  /** Whether memory holds what no file holds. */
  unsaved = false;
  #medium;
  #dirty = new Map();
  #inHand = new Map();
  #writing = Promise.resolve();
  #timer = 0;
  #channel = null;

  open() {
    return (this.opened ??= this.#open());
  }

  async #open() {
    try {
      this.#channel = new BroadcastChannel(NAME);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    } catch { /* one tab alone */ }
    if (remembered()) this.mode = "shared";
    else this.#medium = await Device.open().catch(() => void (this.mode = "refused"));
    if (this.mode !== "device") await this.#fromOtherTabs();
    await this.#recognise();
    addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(true));
    addEventListener("beforeunload", (event) => (this.pending || this.unsaved) && event.preventDefault());
    return this;
  }

  async #fromOtherTabs() {
    this.#medium = new Memory();
    this.#channel?.postMessage({ want: this.mode });
    await new Promise((resolve) => setTimeout(resolve, 120));
  }

  /** Whether there is a passphrase, and (unless it is `fresh`) whether another page of this session has been told it. */
  async #recognise(fresh = false) {
    [this.vault = null] = await this.#medium.read(["vault"]);
    this.keys = this.vault && !fresh ? await (await import("./vault.js")).recall(this, this.vault) : null;
    this.locked = Boolean(this.vault && !this.keys);
    if (this.locked) this.cache.clear();
    this.#tell("state");
  }

  get pending() {
    return this.#dirty.size + this.#inHand.size > 0;
  }

  get = (key) => this.cache.get(key);

  /** Cached values under `prefix`, as [rest of the key, value]. */
  under(prefix) {
    return [...this.cache].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]);
  }

  /** Brings records into the cache: those named, or all. */
  async load(keys = null) {
    await this.open();
    if (this.locked) return;
    const vault = this.keys && (await import("./vault.js"));
    const names = vault && keys ? await Promise.all(keys.map((key) => vault.nameOf(this.keys, key))) : keys;
    const found = keys ? (await this.#medium.read(names)).map((value, place) => [keys[place], value]) : await this.#medium.all();
    for (let [key, value] of found) {
      if (key === "vault") continue;
      if (vault && value) ({ key, value } = await vault.unseal(this.keys, value));
      if (!this.#dirty.has(key) && !this.#inHand.has(key)) value === undefined ? this.cache.delete(key) : this.cache.set(key, value);
    }
  }

  /** Sets fields of a record, stored within hundredths of a second; a file's own `updated` is kept, else it is now. */
  change(key, fields, was = []) {
    this.#copyWanted(key, fields);
    const before = this.cache.get(key);
    const waiting = this.#dirty.get(key) ?? { fields: {}, known: [] };
    this.cache.set(key, { ...before, ...fields, updated: fields.updated ?? stamp(before?.updated) });
    const known = [...waiting.known, ...was];
    this.#dirty.set(key, { gone: false, known, fields: { ...waiting.fields, updated: undefined, ...fields } });
    this.#soon(8);
  }

  /** Notes when an assessment came to hold what no file holds: the first change after the last copy (settings.changed). */
  #copyWanted(key, { updated }) {
    const id = /^(?:head|answer)\/([^/]+)/.exec(key)?.[1];
    if (!id || updated) return;
    const { changed, backups } = this.get("settings") ?? {};
    if (changed?.[id] > (backups?.[id] ?? "")) return;
    this.change("settings", { changed: { ...changed, [id]: stamp(backups?.[id]) } });
  }

  remove(key) {
    this.cache.delete(key);
    this.#dirty.set(key, { gone: true, fields: {}, known: [] });
    this.#soon(8);
  }

  #soon(milliseconds) {
    if (this.mode !== "device") this.unsaved = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), milliseconds);
    this.#tell("state");
  }

  flush(strict = false) {
    return (this.#writing = this.#writing.then(() => this.#write(strict)));
  }

  async #write(strict) {
    if (!this.#dirty.size || this.locked) return;
    const batch = (this.#inHand = this.#dirty);
    this.#dirty = new Map();
    try {
      await alone(() => this.#merge(batch, strict));
      this.trouble = null;
      this.#channel?.postMessage(this.mode === "device" ? { keys: [...batch.keys()] } : { have: this.#copy([...batch.keys()]), mode: this.mode });
    } catch (error) {
      for (const [key, one] of batch) {
        const later = this.#dirty.get(key);
        if (!later?.gone) this.#dirty.set(key, { ...one, gone: one.gone && !later, fields: { ...one.fields, ...later?.fields } });
      }
      this.trouble = error?.name === "QuotaExceededError" ? "full" : "failed";
      if (error === OTHER_KEY) await this.#recognise().then(() => this.#tell("switch"));
      else setTimeout(() => this.flush(), 3000);
    }
    this.#inHand = new Map();
    this.#tell("state");
    this.dispatchEvent(new CustomEvent("stored", { detail: [...batch.keys()] }));
  }

  /** Writes changed fields over what is stored now, which another tab may have changed meanwhile. */
  async #merge(batch, strict) {
    const vault = this.keys && (await import("./vault.js"));
    const keys = [...batch.keys()];
    const names = vault ? await Promise.all(keys.map((key) => vault.nameOf(this.keys, key))) : keys;
    const [now, ...stored] = await this.#medium.read(["vault", ...names]);
    if (now?.id !== this.vault?.id) throw OTHER_KEY;
    const [entries, joined] = [[], []];
    for (const [place, key] of keys.entries()) {
      const { fields, known, gone } = batch.get(key);
      if (gone) entries.push([names[place], undefined]);
      if (gone) continue;
      const before = vault && stored[place] ? (await vault.unseal(this.keys, stored[place])).value : stored[place];
      const value = { ...before, ...fields, updated: fields.updated ?? stamp(before?.updated) };
      if (fields.evidence && before?.evidence) {
        const met = [...known, ...fields.evidence];
        const added = before.evidence.filter((one) => !met.some((other) => same(one, other)));
        value.evidence = [...fields.evidence, ...added];
        if (added.length) joined.push(key);
      }
      entries.push([names[place], vault ? await vault.seal(this.keys, { key, value }) : value]);
      this.cache.set(key, { ...value, ...this.#dirty.get(key)?.fields });
    }
    await this.#medium.write(entries, { strict });
    for (const key of joined) this.#tell("change", key);
  }

  #copy = (keys) => keys.map((key) => [key, this.cache.get(key)]);

  /** What another tab says. */
  async #hear({ keys, have, want, mode, vault, wiped }) {
    const before = this.get("settings")?.current;
    if (wiped) location.reload();
    if (vault && this.mode === "device") {
      await this.flush();
      await this.#recognise(true);
      this.#tell("switch");
    }
    if (want && want === this.mode && this.cache.size) this.#channel.postMessage({ have: [...this.cache], mode: want });
    if (have && mode === this.mode) {
      for (const [key, value] of have) if (!(this.cache.get(key)?.updated > value?.updated)) this.cache.set(key, value);
      await this.#medium.write(have);
    } else if (keys) await this.load(keys);
    for (const key of keys ?? have?.map(([name]) => name) ?? []) this.#tell("change", key);
    if (this.get("settings")?.current !== before) this.#tell("switch");
  }

  /** Everything again under other keys (null: none), in one step. */
  async rekey(vault, keys) {
    await this.flush();
    await alone(async () => {
      await this.load();
      const sealer = keys && (await import("./vault.js"));
      const entries = [];
      for (const [key, value] of this.cache) {
        entries.push(sealer ? [await sealer.nameOf(keys, key), await sealer.seal(keys, { key, value })] : [key, value]);
      }
      if (vault) entries.push(["vault", vault]);
      await this.#medium.write(entries, { clear: true, strict: true });
      Object.assign(this, { vault, keys, locked: false });
    });
    this.#channel?.postMessage({ vault: true });
    this.#tell("state");
  }

  unlock(keys) {
    Object.assign(this, { keys, locked: false, trouble: null });
    this.#tell("state");
    this.#tell("switch");
    return this.flush();
  }

  async lock() {
    await this.flush();
    Object.assign(this, { keys: null, locked: true });
    this.cache.clear();
    this.#tell("state");
    this.#tell("switch");
  }

  /** Makes an assessment the current one. */
  choose(id) {
    this.change("settings", { current: id });
    this.#tell("switch");
  }

  /** On a shared computer nothing is written to it; chosen for this tab. Stored data is left as it is. */
  share(on) {
    on ? sessionStorage.setItem(SHARED, "") : sessionStorage.removeItem(SHARED);
  }

  /** Removes what the assessment stored on this device, and nothing else. */
  async wipe() {
    clearTimeout(this.#timer);
    this.#dirty.clear();
    this.unsaved = false;
    this.#medium.base?.close();
    await Device.remove().catch(() => {});
    for (const place of [localStorage, sessionStorage]) {
      for (const key of Object.keys(place)) if (key.startsWith("csbp_")) place.removeItem(key);
    }
    if (this.vault) await (await import("./vault.js")).forget();
    this.#channel?.postMessage({ wiped: true });
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const OTHER_KEY = new Error("the passphrase was changed in another tab");
const alone = (work) => (navigator.locks ? navigator.locks.request(NAME, work) : work());

export const store = new Store();

/** Calls `show` now and whenever another assessment is worked on, or the present one is locked or unlocked. */
export function follow(show) {
  store.addEventListener("switch", show);
  return store.open().then(show);
}

/** The head of the assessment that is being worked on; null where there is none yet. */
export async function current() {
  await store.load(["settings"]);
  const id = store.get("settings")?.current;
  if (id) await store.load([`head/${id}`]);
  return store.get(`head/${id}`) ?? null;
}

/** What is stored of an assessment: answers as [id, answer], and frozen rounds. */
export const answersOf = (id) => store.under(`answer/${id}/`);
export const roundsOf = (id) => store.under(`round/${id}/`).map(([, round]) => round);

/** A new assessment, which becomes the current one. */
export function create(edition, fields = {}) {
  const now = new Date();
  const day = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  const head = {
    id: crypto.randomUUID(), edition, site: "", scope: "", review_date: day, target: 3,
    language: document.documentElement.lang, marking: null, created: now.toISOString(), risk: {}, ...fields,
  };
  store.change(`head/${head.id}`, head);
  store.choose(head.id);
  return head;
}

const BLANK = { level: null, na: null, evidence: [], alternative: null, note: "", owner: "", due: null, target: null, auditor_level: null };

/** Records what was said of a requirement {id, hash, text}; level and N/A answer the text as it stands now. `was` is the
    evidence that the reader saw when changing it. */
export function answer(head, item, { was, ...fields }, lang) {
  const key = `answer/${head.id}/${item.id}`;
  const before = store.get(key);
  const of = !before || "level" in fields || "na" in fields ? { text_hash: item.hash, asked: { lang, text: item.text } } : {};
  store.change(key, { ...(before ? {} : BLANK), ...fields, ...of, by: store.get("settings")?.name ?? "" }, was);
}
