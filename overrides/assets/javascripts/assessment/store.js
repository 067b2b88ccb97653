/* What the reader answers, kept on this device. In: changes of fields. Out: records, and events "change" (detail: key,
   from another tab), "state" (is it stored?), "stored" (detail: keys), "switch" (another assessment or mode, locked, unlocked).
   Keys: settings, entry, head/<assessment>, answer/<assessment>/<requirement>, round/<assessment>/<round>.
   Each answer is a record of its own and only changed fields are written over what is stored, so two tabs and a crash
   lose nothing. Under a passphrase (vault.js) names and contents are sealed. Nothing here can reach a network.
   Modes and locks hold for all tabs: they are told by messages; a tab that opens later learns of them from the disk
   (a passphrase) or from a lock that tabs without a disk hold. */

import { Device, Memory, NAME } from "./medium.js";

const SHARED = "csbp_shared";

/** Whether this tab knows that the computer is shared: that outlives a reload and ends with the tab. */
const remembered = () => {
  try {
    return sessionStorage.getItem(SHARED) !== null;
  } catch {
    return false;
  }
};
const remember = (shared) => {
  try {
    shared ? sessionStorage.setItem(SHARED, "") : sessionStorage.removeItem(SHARED);
  } catch { /* a browser that keeps nothing */ }
};
/** Whether some tab keeps answers in memory in this mode; undefined where the browser cannot tell. */
const held = async (mode) => (await navigator.locks?.query().catch(() => null))?.held.some(({ name }) => name === `${NAME}-${mode}`);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
/** Now, but always after `before`: a clock that was set back must not make a newer answer look older. */
const stamp = (before) => new Date(Math.max(Date.now(), before ? Date.parse(before) + 1 : 0)).toISOString();

class Store extends EventTarget {
  cache = new Map();
  /** device, shared (chosen, nothing is written) or refused (the browser keeps nothing); memory alone in the last two. */
  mode = "device";
  locked = false;
  vault = null;
  keys = null;
  /** null, "full" or "failed": what keeps changes from being stored. */
  trouble = null;
  #medium;
  #dirty = new Map();
  #inHand = new Map();
  #writing = Promise.resolve();
  /** Readings and writings are counted; by record, the last of them: a reading that began before it may bring what is older. */
  #turn = 0;
  #last = new Map();
  #timer = 0;
  #channel = null;
  /** Ends the waiting for another tab's records, and this tab's promise to hold them. */
  #given = null;
  #leave = null;

  open() {
    return (this.opened ??= this.#open());
  }

  async #open() {
    try {
      this.#channel = new BroadcastChannel(NAME);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    } catch { /* one tab alone */ }
    await this.#enter(remembered() || (await held("shared")) ? "shared" : "device");
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(true));
    addEventListener("beforeunload", (event) => (this.pending || this.unsaved) && event.preventDefault());
    addEventListener("pagehide", ({ persisted }) => {
      this.flush(true);
      if (persisted && this.keys) document.documentElement.style.visibility = "hidden";
    });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#back());
    return this;
  }

  /** The browser kept this page while others were shown: what holds now is looked up before anything is seen. */
  async #back() {
    if (this.mode === "device") await this.#look().catch(() => location.reload());
    else this.#hold();
    document.documentElement.style.visibility = "";
  }

  /** Goes over to a mode. On a shared computer what is stored is left as it is, out of sight. */
  async #enter(mode) {
    const device = mode === "device" ? await Device.open().catch(() => null) : null;
    this.cache.clear();
    this.mode = device || mode === "shared" ? mode : "refused";
    this.#medium = device ?? new Memory();
    remember(mode === "shared");
    this.#leave?.();
    if (!device) await this.#join();
    await this.#recognise();
  }

  /** Takes over what other tabs hold in memory, and holds it for those that open later. */
  async #join() {
    const others = await held(this.mode);
    this.#hold();
    if (others === false) return;
    this.#say({ want: this.mode });
    await new Promise((resolve) => {
      this.#given = resolve;
      setTimeout(resolve, 1000);
    });
  }

  /** Lets tabs that open later know of this one. */
  #hold() {
    this.#leave?.();
    const holding = () => new Promise((resolve) => (this.#leave = resolve));
    navigator.locks?.request(`${NAME}-${this.mode}`, { mode: "shared" }, holding).catch(() => {});
  }

  /** Goes over to a mode later on; false where that would lose something. */
  async #go(mode) {
    await this.flush();
    if (this.pending || this.unsaved) return false;
    await this.#enter(mode);
    this.#tell("switch");
    return true;
  }

  /** The reader says whether this computer is shared; that holds in every tab. False where something is in no file yet. */
  async share(on) {
    const enter = on ? "shared" : "device";
    const done = await this.#go(enter);
    if (done) this.#say({ enter });
    return done;
  }

  /** Whether there is a passphrase, and (unless it is `fresh`) whether another page of this session has been told it. */
  async #recognise(fresh = false) {
    const [vault = null] = await this.#medium.read(["vault"]);
    const keys = vault && !fresh ? await (await import("./vault.js")).recall(this, vault) : null;
    Object.assign(this, { vault, keys, locked: Boolean(vault && !keys) });
    if (this.locked) this.cache.clear();
    this.#tell("state");
  }

  /** Sees again whether there is a passphrase and who knows it. */
  async #look(fresh) {
    await this.flush();
    await this.#recognise(fresh);
    this.#tell("switch");
  }

  get pending() {
    return this.#dirty.size + this.#inHand.size > 0;
  }

  /** The assessments of which memory holds what no file holds. */
  get inNoFile() {
    const { changed = {} } = this.get("settings") ?? {};
    return this.mode === "device" ? [] : Object.keys(changed).map((id) => this.get(`head/${id}`)).filter(Boolean);
  }

  get unsaved() {
    return this.inNoFile.length > 0;
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
    const { keys: secret } = this;
    const turn = ++this.#turn;
    const medium = await this.#behind(secret);
    const found = keys ? (await medium.read(keys)).map((value, place) => [keys[place], value]) : await medium.all();
    if (this.keys !== secret) return; // locked meanwhile
    for (const [key, value] of found) {
      if (key === "vault" || this.#last.get(key) > turn) continue; // written or read again meanwhile
      this.#last.set(key, turn);
      const mine = this.#dirty.get(key) ?? this.#inHand.get(key);
      if (!mine) this.#keep(key, value);
      else if (!mine.gone && !this.cache.has(key)) this.#keep(key, over(value, mine));
    }
  }

  /** Where records are kept under these keys; null: in clear. */
  async #behind(keys) {
    return keys ? (await import("./vault.js")).behind(keys, this.#medium) : this.#medium;
  }

  #keep(key, value) {
    value === undefined ? this.cache.delete(key) : this.cache.set(key, value);
  }

  /** Sets fields of a record, stored within hundredths of a second; a file's own `updated` is kept, else it is now.
      `blank` has the other fields of a record that is not there yet, `was` the evidence that the reader saw. */
  change(key, fields, { blank = {}, was = [] } = {}) {
    this.#copyWanted(key, fields);
    const waiting = this.#dirty.get(key);
    this.cache.set(key, over(this.cache.get(key), { blank, fields }));
    const known = [...(waiting?.known ?? []), ...was];
    this.#dirty.set(key, { gone: false, known, blank: waiting?.blank ?? blank, fields: { ...waiting?.fields, updated: undefined, ...fields } });
    this.#soon();
  }

  /** Notes since when an assessment holds what no file holds (settings.changed). What comes with its time is from a file. */
  #copyWanted(key, { updated }) {
    const id = /^(?:head|answer|round)\/([^/]+)/.exec(key)?.[1];
    const { changed = {} } = this.get("settings") ?? {};
    if (id && !updated && !changed[id]) this.change("settings", { changed: { ...changed, [id]: stamp() } });
  }

  /** Notes that a file holds all of an assessment as it is now. */
  copied(id) {
    const { [id]: _, ...changed } = this.get("settings")?.changed ?? {};
    this.change("settings", { changed });
  }

  remove(key) {
    this.cache.delete(key);
    this.#dirty.set(key, { gone: true, known: [], blank: {}, fields: {} });
    this.#soon();
  }

  /** The first change sets the clock and those that follow do not set it back: whoever types fast is written down, too. */
  #soon(milliseconds = 8) {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.flush();
    }, milliseconds);
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
      const keys = [...batch.keys()];
      this.#say(this.mode === "device" ? { keys } : { have: keys.map((key) => [key, this.get(key)]), mode: this.mode });
    } catch (error) {
      for (const [key, one] of batch) {
        const later = this.#dirty.get(key);
        const [known, fields] = [[...one.known, ...(later?.known ?? [])], { ...one.fields, ...later?.fields }];
        if (!later?.gone) this.#dirty.set(key, { ...one, gone: one.gone && !later, known, fields });
      }
      this.trouble = error?.name === "QuotaExceededError" ? "full" : "failed";
      if (error === OTHER_KEY) await this.#recognise().then(() => this.#tell("switch"));
      this.#soon(error === OTHER_KEY ? 0 : 3000);
    }
    this.#inHand = new Map();
    this.#tell("state");
    this.dispatchEvent(new CustomEvent("stored", { detail: [...batch.keys()] }));
  }

  /** Writes changed fields over what is stored now, which another tab may have changed meanwhile. */
  async #merge(batch, strict) {
    const keys = [...batch.keys()];
    const make = ([now, ...stored]) => {
      if (now?.id !== this.vault?.id) throw OTHER_KEY;
      return keys.map((key, place) => [key, this.#made(key, stored[place], batch.get(key))]);
    };
    const medium = await this.#behind(this.keys);
    await medium.update(["vault", ...keys], make, { strict });
    for (const key of keys) this.#last.set(key, ++this.#turn);
  }

  /** A record as it will be stored, undefined where it goes. What another tab put into it is shown here, too. */
  #made(key, before, mine) {
    if (mine.gone) return;
    const { fields, known } = mine;
    const value = over(before, mine);
    if (fields.evidence && before?.evidence) {
      const met = [...known, ...fields.evidence];
      const added = before.evidence.filter((one) => !met.some((other) => same(one, other)));
      value.evidence = [...fields.evidence, ...added];
    }
    const [later, shown] = [this.#dirty.get(key), this.get(key)];
    if (later?.gone) return value;
    const now = later ? over(value, later) : value;
    const news = Object.keys(now).some((field) => field !== "updated" && !same(now[field], shown?.[field]));
    this.cache.set(key, now);
    if (news) this.#tell("change", key);
    return value;
  }

  #say(message) {
    this.#channel?.postMessage(message);
  }

  /** What another tab says. */
  async #hear({ keys, have, mode, want, enter, lock, vault, wiped }) {
    const before = this.get("settings")?.current;
    if (have && mode === this.mode) {
      for (const [key, value] of have) if (!(this.get(key)?.updated > value?.updated)) this.#keep(key, value);
      await this.#medium.update([], () => have);
      this.#given?.();
    } else if (keys) await this.load(keys);
    for (const key of keys ?? have?.map(([name]) => name) ?? []) this.#tell("change", key);
    if (this.get("settings")?.current !== before) this.#tell("switch");
    await this.opened;
    if (want === this.mode) this.#say({ have: [...this.cache], mode: want });
    if (wiped) this.#startAnew();
    const told = want === "shared" ? want : enter; // a tab that knew it from before says so by asking
    if (told && told !== this.mode) await this.#go(told);
    if (this.mode !== "device") return;
    if (vault || lock) await this.#look(true);
    else if (lock === false && this.locked) await this.#look();
  }

  /** Everything again under other keys (null: none), in one step. */
  async rekey(vault, keys) {
    await this.flush();
    await alone(async () => {
      await this.load();
      const entries = [...this.cache, ["vault", vault ?? undefined]];
      await (await this.#behind(keys)).update([], () => entries, { clear: true, strict: true });
      Object.assign(this, { vault, keys, locked: false });
    });
    this.#say({ vault: true });
    this.#tell("state");
  }

  /** Opens with keys, or locks (null): here and in every other tab. What waits is written while there is a key to seal it. */
  async turn(keys) {
    if (!keys) await this.flush();
    Object.assign(this, { keys, locked: !keys, trouble: null });
    if (keys) await this.flush();
    else this.cache.clear();
    this.#tell("state");
    this.#tell("switch");
    this.#say({ lock: !keys });
  }

  /** Makes an assessment the current one. */
  choose(id) {
    this.change("settings", { current: id });
    this.#tell("switch");
  }

  /** Removes what the assessment stored on this device, and nothing else. A shared computer stays one. */
  async wipe() {
    clearTimeout(this.#timer);
    this.#medium.base?.close();
    await Device.remove().catch(() => {});
    for (const place of [localStorage, sessionStorage]) {
      for (const key of Object.keys(place)) if (key.startsWith("csbp_") && key !== SHARED) place.removeItem(key);
    }
    if (this.vault) await (await import("./vault.js")).forget();
    this.#say({ wiped: true });
    this.#startAnew();
  }

  /** Nothing of what was removed is on its way, held for another tab, or asked about. */
  #startAnew() {
    this.#dirty.clear();
    this.cache.clear();
    location.reload();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** A record with what waits to be written over it. */
const over = (before, { blank, fields }) => ({ ...(before ?? blank), ...fields, updated: fields.updated ?? stamp(before?.updated) });
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

/** The day by the reader's own clock. */
export const today = () => {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};

/** A random UUID. The browser's own, crypto.randomUUID, is missing where a page was not opened over a secure connection. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = 0x40 | (bytes[6] & 0x0f); // version 4, random
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** A new assessment, which becomes the current one. */
export function create(edition) {
  const head = {
    id: newId(), edition, site: "", scope: "", review_date: today(), target: 3,
    language: document.documentElement.lang, marking: null, created: new Date().toISOString(), risk: {},
  };
  store.change(`head/${head.id}`, head);
  store.choose(head.id);
  return head;
}

const BLANK = { level: null, na: null, evidence: [], alternative: null, note: "", owner: "", due: null, target: null, auditor_level: null, by: "" };

/** Records what was said of a requirement {id, hash, text}. Whoever gives a level or N/A is its author, and answers the text as
    it stands now; who adds evidence or verifies it is not. `was` is the evidence that the reader saw when changing it. */
export function answer(head, item, { was, ...fields }, lang) {
  const of = { text_hash: item.hash, asked: { lang, text: item.text } };
  const given = "level" in fields || "na" in fields ? { ...of, by: store.get("settings")?.name ?? "" } : {};
  store.change(`answer/${head.id}/${item.id}`, { ...fields, ...given }, { was, blank: { ...BLANK, ...of } });
}
