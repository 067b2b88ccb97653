/* The passphrase: from words to keys, and sealing of records and files. Only WebCrypto. Loaded where a passphrase is used.
   AES-256-GCM under PBKDF2-SHA-256; for storage one more step (HKDF) gives a second key that hides the records' names.
   Keys live in the memory of the page and, between pages, of keeper.js; they are never stored. */

const ITERATIONS = 600_000;
const IDLE_MINUTES = 15;
const encoder = new TextEncoder();
const subtle = globalThis.crypto?.subtle;
const random = (size) => crypto.getRandomValues(new Uint8Array(size));
const base64 = (bytes) => {
  let text = "";
  for (const byte of new Uint8Array(bytes)) text += String.fromCharCode(byte);
  return btoa(text);
};
/** Standard Base64 to bytes; throws for anything else. */
const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));

async function stretch(passphrase, salt, iterations) {
  const secret = await subtle.importKey("raw", encoder.encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  return subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, secret, 256);
}

const cipherKey = (bits) => subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt", "decrypt"]);

async function keysOf(passphrase, { salt, iterations }) {
  const root = await subtle.importKey("raw", await stretch(passphrase, salt, iterations), "HKDF", false, ["deriveKey"]);
  const part = (info, kind, uses) =>
    subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: encoder.encode(info) }, root, kind, false, uses);
  return {
    aes: await part("content", { name: "AES-GCM", length: 256 }, ["encrypt", "decrypt"]),
    mac: await part("name", { name: "HMAC", hash: "SHA-256", length: 256 }, ["sign"]),
  };
}

async function seal({ aes }, value) {
  const iv = random(12);
  return { iv, data: await subtle.encrypt({ name: "AES-GCM", iv }, aes, encoder.encode(JSON.stringify(value))) };
}

const unseal = async ({ aes }, { iv, data }) =>
  JSON.parse(new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv }, aes, data)));

const all = (list, work) => Promise.all(list.map(work));

/** `medium` with the same verbs, but what it holds is sealed and its names say nothing to whoever has no key; only the vault is
    in clear. Sealing takes longer than a transaction waits: tabs wait for a lock, which browsers have wherever they can seal. */
export function behind(keys, medium) {
  const nameOf = async (key) => (key === "vault" ? key : base64(await subtle.sign("HMAC", keys.mac, encoder.encode(key))));
  const open = async (one) => (one?.data ? unseal(keys, one) : { key: "vault", value: one });
  const close = async ([key, value]) => [await nameOf(key), value && key !== "vault" ? await seal(keys, { key, value }) : value];
  const read = async (names) => (await all(await medium.read(await all(names, nameOf)), open)).map(({ value }) => value);
  return {
    read,
    all: async () => (await all(await medium.all(), ([, one]) => open(one))).map(({ key, value }) => [key, value]),
    async update(names, change, options) {
      const entries = await all(change(await read(names)), close);
      await medium.update([], () => entries, options);
    },
  };
}

/** Seals everything on this device under a new passphrase. */
export async function protect(store, passphrase) {
  const vault = { id: crypto.randomUUID(), salt: random(16), iterations: ITERATIONS };
  const keys = await keysOf(passphrase, vault);
  await store.rekey({ ...vault, check: await seal(keys, vault.id) }, keys);
  await keep(store, keys);
}

/** Takes the passphrase off: everything is stored in clear again. */
export async function unprotect(store) {
  await store.rekey(null, null);
  await forget();
}

/** Opens with a passphrase; false where it is wrong. */
export async function unlock(store, passphrase) {
  const keys = await keysOf(passphrase, store.vault);
  try {
    await unseal(keys, store.vault.check);
  } catch {
    return false;
  }
  await keep(store, keys); // before other tabs hear that they may ask for them
  await store.turn(keys);
  return true;
}

const KEEPER = new URL("./keeper.js", import.meta.url);
/* Between two pages of one visit the keys wait in the memory of a service worker that does nothing else. */
async function ask(message) {
  try {
    const registration = await navigator.serviceWorker.register(KEEPER);
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(message, [port2]);
    return await new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
      setTimeout(() => resolve(null), 1000);
    });
  } catch {
    return null; // no keeper here: the passphrase is asked on each page
  }
}

/** The keeper that an earlier page asked for; null where there is none, or none can be: in a copy opened from a folder. */
async function keeper() {
  try {
    return await navigator.serviceWorker.getRegistration(KEEPER);
  } catch {
    return null;
  }
}

export async function forget() {
  await ask({ drop: true });
  await (await keeper())?.unregister();
}

/** Keys from an earlier page of this visit, or null. */
export async function recall(store, vault) {
  const kept = (await keeper()) && (await ask({ get: vault.id }));
  if (!kept) return null;
  watch(store);
  return kept;
}

function keep(store, keys) {
  watch(store);
  return ask({ put: keys, id: store.vault.id, minutes: IDLE_MINUTES });
}

let last = null;
/* Two clocks: the day's may be set back, the page's own stands still while the computer sleeps. */
const clocks = () => [Date.now(), performance.now()];
const idle = () => Math.max(...clocks().map((now, which) => now - last[which]));

/** Locks after a quarter of an hour without a hand on this site in any tab. */
function watch(store) {
  const watching = last;
  last = clocks();
  if (watching) return;
  const channel = new BroadcastChannel("csbp-activity");
  const touch = () => {
    if (idle() > 10_000) channel.postMessage(0);
    last = clocks();
  };
  channel.onmessage = () => (last = clocks());
  for (const type of ["pointerdown", "keydown", "input"]) addEventListener(type, touch, { passive: true });
  setInterval(() => {
    if (store.locked || !store.vault) return;
    if (idle() > IDLE_MINUTES * 60_000) lockNow(store);
    else ask({ stay: true });
  }, 10_000);
}

export async function lockNow(store) {
  await ask({ drop: true });
  await store.turn(null);
}

/** The text of a file, sealed (guide/assessment.py, "The encrypted form"). */
export async function sealText(text, passphrase) {
  const [salt, iv] = [random(16), random(12)];
  const key = await cipherKey(await stretch(passphrase, salt, ITERATIONS));
  const data = await subtle.encrypt({ name: "AES-GCM", iv }, key, encoder.encode(text));
  return {
    format: "csbp-assessment-encrypted", schema: 1,
    kdf: { name: "PBKDF2", hash: "SHA-256", iterations: ITERATIONS, salt: base64(salt) },
    cipher: { name: "AES-GCM", iv: base64(iv) }, data: base64(data),
  };
}

/** The bytes in a sealed file; throws where passphrase or file is wrong. */
export async function openSealed({ kdf, cipher, data }, passphrase) {
  const key = await cipherKey(await stretch(passphrase, bytesOf(kdf.salt), kdf.iterations));
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv: bytesOf(cipher.iv) }, key, bytesOf(data)));
}
