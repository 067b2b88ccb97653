/* The file .csbp.json in and out (format: guide/assessment.py). In: a File and perhaps a passphrase. Out: an assessment, or
   a Refused with the same reasons as guide/assessment_file.py. Nothing of a file is used before all of it fits. */

import { readDay } from "./days.js";
import { fingerprint, isSecure } from "./fingerprint.js";
import { download } from "./page.js";
import { tally } from "./tally.js";

const MOST_BYTES = 20 * 1024 * 1024;
export const FORMAT = "csbp-assessment";

export class Refused extends Error {
  constructor(reason, detail = "") {
    super(reason);
    Object.assign(this, { reason, detail });
  }
}

const text = (value) => typeof value === "string";
const or = (check) => (value) => value === null || value === undefined || check(value);
const whole = (least, most) => (value) => Number.isInteger(value) && value >= least && value <= most;
const number = (value) => typeof value === "number" && value >= 0 && value <= 100;
const one = (...values) => (value) => values.includes(value);
const like = (pattern) => (value) => text(value) && pattern.test(value);
const day = (value) => {
  try {
    return text(value) && Boolean(readDay(value));
  } catch {
    return false;
  }
};
const moment = (value) => like(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/)(value) && !Number.isNaN(Date.parse(value));
const uuid = like(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const [hash, mark] = [like(/^[0-9a-f]{8,64}$/), like(/^[0-9a-f]{64}$/)];
const [level, count, lang] = [whole(0, 4), whole(0, 1e9), one("en", "es")];

const EVIDENCE = {
  type: one("document", "record", "observation", "interview", "test"), reference: text, custodian: text, date: or(day),
  verified_by: or(text), verified_on: or(day),
};
/** How often each statement was said and taken back (tally.js). */
const SAID = { orNull: true, shape: { keys: /^[0-9a-z]{1,11}$/, shape: whole(1, 1e6) } };
const ANSWER = {
  level: or(level), na: { orNull: true, shape: { reason: text, approved_by: text } }, evidence: [EVIDENCE], alternative: or(text),
  note: text, owner: text, due: or(day), target: or(one(4)), text_hash: { en: hash, es: hash },
  asked: { orNull: true, shape: { lang, text } }, by: text, updated: moment, auditor_level: or(level), said: SAID,
};
const ANSWERS = { keys: /^[A-Z]{2}-\d{2}$/, shape: ANSWER };
const ROUND = {
  id: uuid, taken: moment, title: text, by: text, state: one("draft", "answered", "verified", "signed", "frozen"), fingerprint: mark,
  answers: ANSWERS,
  result: {
    edition: text, target: whole(2, 3), requirements: count, points: count, max: count, attainment: or(number), weighted_level: or(number),
    completeness: or(number), provisional: one(true, false), critical_gaps: count, critical_not_in_place: count,
    critical_not_evidenced: count, band: or(one("assured", "established", "developing", "initial")),
  },
};
const FILE = {
  format: one(FORMAT), schema: one(1), edition: like(/\S/), id: uuid, site: text, scope: text, review_date: day, target: whole(2, 3),
  language: lang, marking: or(text), created: moment, updated: moment, risk: { keys: /^[A-Z]{2}(-\d{2})?$/, shape: whole(1, 3) },
  answers: ANSWERS, snapshots: [ROUND], fingerprint: or(mark), said: SAID,
};
const SEALED = {
  format: one(`${FORMAT}-encrypted`), schema: one(1),
  kdf: { name: one("PBKDF2"), hash: one("SHA-256"), iterations: whole(600_000, 10_000_000), salt: like(/^.{22,}$/) },
  cipher: { name: one("AES-GCM"), iv: like(/^.{16}$/) }, data: text,
};

/** The first place where `value` has not this shape; null where it fits. */
function fault(value, shape, path) {
  if (typeof shape === "function") return shape(value) ? null : path;
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return path;
    return value.map((item, place) => fault(item, shape[0], `${path}.${place}`)).find(Boolean) ?? null;
  }
  if (shape.orNull) return value === null || value === undefined ? null : fault(value, shape.shape, path);
  if (value === null || typeof value !== "object" || Array.isArray(value)) return path;
  const keys = Object.keys(value);
  if (shape.keys) return keys.map((key) => (shape.keys.test(key) ? fault(value[key], shape.shape, `${path}.${key}`) : `${path}.${key}`)).find(Boolean) ?? null;
  const strange = keys.find((key) => !Object.hasOwn(shape, key));
  if (strange !== undefined) return `${path}.${strange}`;
  return Object.keys(shape).map((key) => fault(value[key], shape[key], `${path}.${key}`)).find(Boolean) ?? null;
}

function fit(value, shape) {
  const { schema } = value;
  if (!Number.isInteger(schema) || schema < 1) throw new Refused("damaged", "schema");
  if (schema > 1) throw new Refused("newer", String(schema));
  const place = fault(value, shape, "");
  if (place !== null) throw new Refused("damaged", place.slice(1).replace(/[^\P{C}]|(?! )\p{Z}/gu, "?").slice(0, 80));
}

function objectOf(bytes) {
  if (!bytes.length) throw new Refused("empty");
  let content;
  try {
    content = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refused("not-text");
  }
  if (!content.trim()) throw new Refused("empty");
  try {
    const found = JSON.parse(content);
    if (found !== null && typeof found === "object" && !Array.isArray(found)) return found;
  } catch {
    throw new Refused("not-json");
  }
  throw new Refused("foreign");
}

/** The assessment in a file. `ask` gives the passphrase (or null) and is called for a sealed file only. */
export async function open(file, ask) {
  if (file.size > MOST_BYTES) throw new Refused("too-large", String(MOST_BYTES / 1024 / 1024));
  let found = objectOf(new Uint8Array(await file.arrayBuffer().catch(() => { throw new Refused("unreadable"); })));
  if (found.format === `${FORMAT}-encrypted`) {
    fit(found, SEALED);
    if (!isSecure) throw new Refused("insecure");
    const passphrase = await ask(file.name);
    if (passphrase === null) throw new Refused("passphrase-needed");
    const { openSealed } = await import("./vault.js");
    found = objectOf(await openSealed(found, passphrase).catch(() => { throw new Refused("passphrase-wrong"); }));
  }
  if (found.format === "csbp-figures") throw new Refused("figures");
  if (found.format !== FORMAT) throw new Refused("foreign");
  fit(found, FILE);
  if (found.fingerprint && isSecure && (await fingerprint(found)) !== found.fingerprint) throw new Refused("damaged", "fingerprint");
  for (const answer of Object.values(found.answers)) Object.assign(answer, pick(answer, ANSWER));
  return found;
}

/** All fields of a shape; null for what may be missing. */
const pick = (value, shape) => Object.fromEntries(Object.keys(shape).map((key) => [key, value[key] ?? null]));

/** An assessment (head, [[id, answer]], [round]) as a file holds it, saved under `edition`. */
export async function toFile(head, answers, rounds, edition) {
  const sorted = answers.map(([id, answer]) => [id, { ...pick(answer, ANSWER), said: tally(answer) }]).sort(([a], [b]) => (a < b ? -1 : 1));
  const snapshots = rounds.map((round) => pick(round, ROUND)).sort((a, b) => (a.taken < b.taken ? -1 : 1));
  const updated = [head.updated, ...sorted.map(([, answer]) => answer.updated)].sort().at(-1);
  const whole = { ...pick(head, FILE), format: FORMAT, schema: 1, edition, updated, said: tally(head), answers: Object.fromEntries(sorted), snapshots };
  delete whole.fingerprint;
  return { ...whole, fingerprint: await fingerprint(whole) };
}

/** Notes on the device what left in a file: what is changed from now on takes back what others may have read. */
export function remember(store, { answers, ...head }) {
  const note = (key, { said }) => {
    const now = store.get(key);
    if (now && JSON.stringify(now.said) !== JSON.stringify(said)) store.change(key, { said, updated: now.updated });
  };
  note(`head/${head.id}`, head);
  for (const [id, answer] of Object.entries(answers)) note(`answer/${head.id}/${id}`, answer);
}

const plain = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^\w-]+/g, "-").replace(/^-+|-+$/g, "").toLowerCase().slice(0, 40);

/** Saves a file, sealed where a passphrase is given, under a name that tells site and author; a sealed file's name tells neither. */
export async function save(whole, passphrase = null, author = "") {
  const content = passphrase === null ? whole : await (await import("./vault.js")).sealText(JSON.stringify(whole), passphrase);
  const name = ["csbp", ...(passphrase === null ? [whole.site, author].map(plain) : []), new Date().toISOString().slice(0, 10)].filter(Boolean).join("-");
  download(`${name}.csbp.json`, JSON.stringify(content, null, 1));
}
