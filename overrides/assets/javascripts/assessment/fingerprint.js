/* Fingerprints of rounds and files: canonical JSON and SHA-256, the same as guide/assessment_file.py. */

/** Keys in order, no blanks. */
export const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical).join()}]`
  : value && typeof value === "object"
    ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
  : JSON.stringify(value);

/** SHA-256 of everything but the field `fingerprint`, in hexadecimal. */
export async function fingerprint({ fingerprint: _, ...rest }) {
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(rest)));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** As printed: four groups of four. */
export const short = (mark) => mark.slice(0, 16).match(/.{4}/g).join(" ");
