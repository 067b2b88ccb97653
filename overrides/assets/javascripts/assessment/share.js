/* What leaves the device, pure: four levels of disclosure and the action plan as CSV. */

const CELL_STARTS = /^[\s\u00a0]*[=+\-@]|^[\t\r\n]/;

/** A cell on one line that no spreadsheet takes for a formula. */
export const cell = (value) => {
  const text = String(value ?? "").replace(/ *[\r\n]+ */g, " / ");
  return `"${(CELL_STARTS.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

/** A table as bytes that Excel opens by double click in any country with accents right: UTF-16 and tabs. In UTF-8 the
    separator is the country's own, and a line that names it ("sep=") makes Excel forget the byte order mark. */
export function csv(rows) {
  const text = `\ufeff${rows.map((row) => `${row.map(cell).join("\t")}\r\n`).join("")}`;
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let at = 0; at < text.length; at += 1) bytes.setUint16(2 * at, text.charCodeAt(at), true);
  return bytes;
}

const NONE = { note: "", owner: "", by: "", alternative: null };
const each = (answers, change) => Object.fromEntries(Object.entries(answers).map(([id, one]) => [id, change(one)]));

/** `whole` as it leaves at a level: full, auditor, headquarters (all three are assessment files) or anonymous (figures only).
    Headquarters and auditors can score theirs; snapshots keep what their fingerprint seals, so they leave only with all. */
export function disclose(whole, level, view) {
  const { fingerprint: _, ...rest } = whole;
  if (level === "full") return rest;
  if (level === "auditor") {
    return { ...rest, snapshots: [], answers: each(whole.answers, (one) => ({ ...one, note: "", by: "", owner: "" })) };
  }
  if (level === "headquarters") {
    const bare = ({ type, date }) => ({ type, reference: "", custodian: "", date, verified_by: null, verified_on: null });
    return { ...rest, snapshots: [], answers: each(whole.answers, (one) => ({ ...one, ...NONE, evidence: one.evidence.map(bare) })) };
  }
  const { attainment, weighted_level, completeness, provisional, critical_gaps, gaps, band } = view.result.overall;
  return {
    format: "csbp-figures", schema: 1, edition: view.edition, year: Number(whole.review_date.slice(0, 4)), target: whole.target,
    overall: { attainment, weighted_level, completeness, provisional, critical_gaps, gaps, band },
    domains: view.result.domains.map(({ key, attainment: percent, critical_gaps: critical }) => ({ domain: key, attainment: percent, critical_gaps: critical })),
  };
}

/** Every kind of field in `value` as [path, how many times it says something, an example]. */
export function fieldsOf(value) {
  const found = new Map();
  const walk = (part, path) => {
    if (part !== null && typeof part === "object") {
      for (const [key, inner] of Object.entries(part)) {
        const step = Array.isArray(part) ? "" : /^[A-Z]{2}(-\d{2})?$/.test(key) ? ".*" : `.${key}`;
        walk(inner, path + step);
      }
      return;
    }
    const one = found.get(path) ?? { path: path.slice(1), count: 0, example: "" };
    if (part !== null && part !== "") Object.assign(one, { count: one.count + 1, example: one.example || String(part).slice(0, 60) });
    found.set(path, one);
  };
  walk(value, "");
  return [...found.values()];
}
