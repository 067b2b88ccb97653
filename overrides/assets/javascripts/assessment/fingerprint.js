/* Fingerprints of rounds and files: canonical JSON and SHA-256, the same as guide/assessment_file.py. */

/** Keys in order, no blanks. */
export const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical).join()}]`
  : value && typeof value === "object"
    ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
  : JSON.stringify(value);

/** Whether the browser offers cryptography: over https, on the device itself and from a folder, not over plain http. */
export const isSecure = Boolean(globalThis.crypto?.subtle);

/** SHA-256 of everything but the field `fingerprint`, in hexadecimal; null where there is no cryptography. */
export async function fingerprint({ fingerprint: _, ...rest }) {
  if (!isSecure) return null;
  const sum = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(rest)));
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** As printed: four groups of four. */
export const short = (mark) => mark.slice(0, 16).match(/.{4}/g).join(" ");
