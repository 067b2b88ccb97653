/* What a record says, statement by statement, and how often each was said and taken back, pure. In: an answer or the head
   of an assessment. Out: keys of statements and their counts (the field `said` of guide/assessment.py). merge.js says why. */

/** What an answer and a head say once each; the rest (LISTED, and risk by chapter) may be said several times over. */
export const ANSWER = ["stand", "alternative", "owner", "due", "target", "auditor_level"];
export const HEAD = ["site", "scope", "review_date", "target", "marking"];
const LISTED = ["evidence", "note"];

export const has = ({ level, na }) => level !== null || na !== null;
/** What an answer says: "na", a level, or null. */
export const stand = (answer) => (answer.na ? "na" : answer.level);

/** 53 bits of a text (cyrb53), in letters and digits: no secret, only short, and at hand without a secure connection. */
function hash(text) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const byte of new TextEncoder().encode(text)) [a, b] = [Math.imul(a ^ byte, 2654435761), Math.imul(b ^ byte, 1597334677)];
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

const keyed = (field, value) => hash(JSON.stringify([field, value]));

/** The value of a field; a stand is another one when another text was answered or somebody else answers. */
export function valueOf(one, field) {
  if (field.startsWith("risk.")) return one.risk[field.slice(5)] ?? null;
  if (field !== "stand") return one[field] ?? null;
  const { level, na, text_hash: { en, es }, by } = one;
  return has(one) ? [level, na && [na.reason, na.approved_by], en, es, by] : null;
}

/** The key of what is said in a field; null where nothing is. */
export function keyOf(one, field) {
  const value = valueOf(one, field);
  return value === null || value === "" ? null : keyed(field, value);
}

/** What is said in a list, as [key, piece of evidence or line of the note]. */
export const listed = (one, field) =>
  field === "note"
    ? one.note.split("\n").filter((line) => line.trim()).map((line) => [keyed(field, line.trim()), line])
    : one.evidence.map((piece) => [
        keyed(field, ["type", "reference", "custodian", "date", "verified_by", "verified_on"].map((part) => piece[part] ?? null)), piece,
      ]);

/** Keys of all that a record says now. */
export function keysOf(one) {
  const fields = one.evidence ? ANSWER : [...HEAD, ...Object.keys(one.risk).map((key) => `risk.${key}`)];
  const lists = one.evidence ? LISTED.flatMap((field) => listed(one, field).map(([key]) => key)) : [];
  return new Set([...fields.map((field) => keyOf(one, field)).filter((key) => key !== null), ...lists]);
}

/** Counts as they stand now: odd for what is said, even for what was said once and is taken back. */
export function tally(one) {
  const [now, found] = [keysOf(one), { ...one.said }];
  for (const key of now) if (!(found[key] % 2)) found[key] = (found[key] ?? 0) + 1;
  for (const key of Object.keys(found)) if (found[key] % 2 && !now.has(key)) found[key] += 1;
  return found;
}
