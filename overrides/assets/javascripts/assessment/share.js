/* What leaves the device: four levels of disclosure, what the reader is told of each field, and the action plan as CSV.
   Touches no answers; reads the names of fields in <template id="csbp-names"> (assessment/leaving.html). */

const CELL_STARTS = /^[\s\u00a0]*[=+\-@]|^[\t\r\n]/;

/** A cell on one line that no spreadsheet takes for a formula. */
const cell = (value) => {
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
/** Answers without the counts that bring files together, changed by `change`. */
export const each = (answers, change = (one) => one) => Object.fromEntries(Object.entries(answers).map(([id, { said: _, ...one }]) => [id, change(one)]));

/** What a file was before something was left out of it. */
const origins = new WeakMap();

/** `whole` as it leaves at a level: full, auditor, headquarters (all three are assessment files) or anonymous (figures only).
    The counts of what was said leave with all only: elsewhere they would call taken back what was merely left out.
    Headquarters and auditors can score theirs, so a reason for N/A that stays here leaves what `withheld` puts in its place; snapshots keep what their fingerprint seals, so they leave only with all. */
export function disclose(whole, level, view, withheld) {
  const out = reduce(whole, level, view, withheld);
  origins.set(out, whole);
  return out;
}

function reduce(whole, level, view, withheld) {
  const { fingerprint: _, ...all } = whole;
  if (level === "full") return all;
  const { said: __, ...rest } = all;
  if (level === "auditor") {
    return { ...rest, snapshots: [], answers: each(whole.answers, (one) => ({ ...one, note: "", by: "", owner: "" })) };
  }
  if (level === "headquarters") {
    const bare = ({ type, date }) => ({ type, reference: "", custodian: "", date, verified_by: null, verified_on: null });
    return { ...rest, snapshots: [], answers: each(whole.answers, (one) => ({ ...one, ...NONE, na: one.na && { ...one.na, reason: withheld(one.na) }, evidence: one.evidence.map(bare) })) };
  }
  const { attainment, weighted_level, completeness, provisional, critical_gaps, gaps, band } = view.result.overall;
  return {
    format: "csbp-figures", schema: 1, edition: view.edition, year: Number(whole.review_date.slice(0, 4)), target: whole.target,
    overall: { attainment, weighted_level, completeness, provisional, critical_gaps, gaps, band },
    domains: view.result.domains.map(({ key, attainment: percent, critical_gaps: critical }) => ({ domain: key, attainment: percent, critical_gaps: critical })),
  };
}

/** Each kind of field in `value` by its path ("*" for a requirement or chapter): how many times it says something, and
    each thing said once, with all its places. */
function gather(value) {
  const found = new Map();
  const walk = (part, path, place) => {
    if (part !== null && typeof part === "object") {
      for (const [key, inner] of Object.entries(part)) {
        const id = /^[A-Z]{2}(-\d{2})?$/.test(key);
        const step = Array.isArray(part) ? "" : (path && ".") + (id || /\bsaid$/.test(path) ? "*" : key);
        walk(inner, path + step, id ? key : key === "domain" ? "" : (part.domain ?? place));
      }
      return;
    }
    const one = found.get(path) ?? { count: 0, said: new Map() };
    found.set(path, one);
    if (part === null || part === "") return;
    const same = one.said.get(part) ?? { text: part, places: "" };
    same.places += ` ${place}`;
    one.said.set(part, same);
    one.count += 1;
  };
  walk(value, "", "");
  return found;
}

/** What the reader is told of `value` before it leaves, in the groups of the page: [{name, about, rows}]; a row says the name of
    a field, its path, how many entries it has, which, and whether it was left out. What has no name stands in the last
    group by its path: nothing leaves unseen. A path that is empty and goes on ("na" beside "na.reason") is no field. */
export function fieldsOf(value) {
  const [now, before] = [value, origins.get(value)].map(gather);
  const all = [...before.keys(), ...now.keys()];
  const paths = new Set(all.filter((path) => now.get(path)?.count || !all.some((other) => other.startsWith(`${path}.`))));
  const row = (path, name) => {
    const { count, said } = now.get(path) ?? { count: 0, said: new Map() };
    return { path, name, count, many: count > 1, left: !count && before.get(path)?.count > 0, values: [...said.values()] };
  };
  const groups = [...document.getElementById("csbp-names").content.children].map(({ dataset, children }) => ({
    ...dataset, rows: [...children].flatMap((one) => (paths.delete(one.dataset.path) ? row(one.dataset.path, one.textContent) : [])),
  }));
  groups.at(-1).rows = [...paths].map((path) => row(path));
  return groups;
}
