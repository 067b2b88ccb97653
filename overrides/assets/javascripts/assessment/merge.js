/* Bringing several people's answers together, pure.

   An answer is a set of statements: the stand (level or N/A, by whom, to which text), each piece of evidence, each line of
   the note, owner, date … Each statement has a count (tally.js): odd when it is said, even when it was taken back. Counts
   are settled whenever a file leaves or comes in, travel in the file (`said`) and only grow; of two the higher one is the
   later, because whoever raised it had the lower one before him. So no common past has to be kept and no clock is trusted:
   - said on one side and unknown to the other: new, taken over and listed;
   - said on one side and taken back on the other: taken back, because that side knew it;
   - two stands left that nobody took back, or each taken back by the other side: a conflict, and a person chooses. Of two owners
     or dates the chosen or newest counts. What loses goes into the note with its author and is taken back as a statement,
     so the next exchange does not ask again, and says it once.
   Files without counts (older ones, and what was handed over in part) take nothing back and lose nothing.
   Two who settle the same voices alike get the same answer to the letter, so that it is one answer and not two.

   In: voices [{name, answers}], the reader's own first. Out: what each requirement comes to. */

import { ANSWER, has, HEAD, keyOf, keysOf, listed, stand, tally, valueOf } from "./tally.js";

const count = ({ counts }, key) => counts[key] ?? 0;
const same = (a, b) => JSON.stringify([...keysOf(a)].sort()) === JSON.stringify([...keysOf(b)].sort());
const DAY = 86_400_000;
/** Before what did not prevail, in a note: such a line has its author already. */
const MARK = "— ";

/** A moment that cannot have been yet: somebody's clock is wrong. */
export const isFuture = ({ updated }, now = Date.now()) => Date.parse(updated) > now + DAY;

const voicesOf = (sources) => sources.map((voice) => ({ ...voice, counts: tally(voice.one) }));

/** Voices whose word in `field` nobody took back who had heard it; two who took back each other's both stand. */
function standing(voices, field) {
  const key = (voice) => keyOf(voice.one, field);
  const beats = (one, other) => key(other) !== null && count(one, key(other)) > count(other, key(other));
  return voices.filter((voice) => key(voice) !== null && !voices.some((other) => beats(other, voice) && !beats(voice, other)));
}

/** Newest first, whoever took no stand and clocks that are ahead last; the same order on every device. */
const byAge = (voices) =>
  voices.toSorted((a, b) => has(b.one) - has(a.one) || isFuture(a.one) - isFuture(b.one)
    || (a.one.updated === b.one.updated ? (JSON.stringify([...keysOf(a.one)]) < JSON.stringify([...keysOf(b.one)]) ? 1 : -1) : a.one.updated < b.one.updated ? 1 : -1));

export const newest = (voices) => byAge(voices)[0];

const caution = ({ one }) => (one.na ? 9 : one.level);
/** The most cautious voice: the lowest level; N/A only where nobody gives a level. */
export const lowest = (voices) => byAge(voices).toSorted((a, b) => caution(a) - caution(b))[0];

/** What everybody's counts come to. */
function together(voices) {
  const found = {};
  for (const { counts } of voices) for (const key of Object.keys(counts)) found[key] = Math.max(found[key] ?? 0, counts[key]);
  return found;
}

/** {conflicts, changed, agreed, blank}: lists of {id, voices, live: those with a stand that counts, result, own}; a result is
    there where nobody has to choose. `older`: how many voices brought nothing that is not here. */
export function compare(sources, line) {
  const found = { conflicts: [], changed: [], agreed: [], blank: [], older: 0 };
  const ids = [...new Set(sources.flatMap(({ answers }) => Object.keys(answers)))].sort();
  for (const id of ids) {
    const voices = voicesOf(sources.map(({ name, answers }, place) => ({ name, own: place === 0, one: answers[id] })).filter(({ one }) => one));
    const live = standing(voices, "stand");
    const own = voices.find((voice) => voice.own)?.one ?? null;
    if (new Set(live.map(({ one }) => stand(one))).size > 1) {
      found.conflicts.push({ id, voices, live, own });
      continue;
    }
    const result = settle(voices, newest(live), line);
    const kind = !own || !same(result, own) ? "changed" : has(own) ? "agreed" : "blank";
    if (kind !== "changed") found.older += voices.filter(({ one }) => !same(one, own)).length;
    found[kind].push({ id, voices, live, own, result });
  }
  return found;
}

/** The answer that the `voices` come to, where `chosen` is the stand that counts (none: it was taken back). `line` writes
    what did not prevail, from a name and a text or level. */
export function settle(voices, chosen, line) {
  const order = [...(chosen ? [chosen] : []), ...byAge(voices.filter((voice) => voice !== chosen))];
  const [counts, live, first] = [together(voices), standing(voices, "stand"), order[0].one];
  const result = { ...first, ...(chosen ? {} : { level: null, na: null }), evidence: [], note: "" };
  const lost = new Map(order.map((voice) => [voice, []]));
  for (const voice of live.filter((other) => other !== chosen)) {
    const { one } = voice;
    if (stand(one) === stand(result)) result.by ||= one.by;
    else lost.get(voice).push(stand(one));
    if (one.na && valueOf(one, "stand")[1].join() !== valueOf(result, "stand")?.[1]?.join()) lost.get(voice).push(`${one.na.reason} (${one.na.approved_by})`);
  }
  for (const field of ANSWER.slice(1)) {
    const stands = standing(order, field);
    result[field] = stands.length ? stands[0].one[field] : field === "owner" ? "" : null;
    for (const voice of stands) {
      const text = String(voice.one[field]);
      if (text !== String(result[field])) lost.get(voice).push(field === "auditor_level" ? `(${text})` : text);
    }
  }
  const seen = new Set();
  const fresh = ([key]) => counts[key] % 2 && !seen.has(key) && seen.add(key);
  for (const { one } of order) result.evidence.push(...listed(one, "evidence").filter(fresh).map(([, piece]) => piece));
  const gone = new Set(listed(first, "note").filter(([key]) => !(counts[key] % 2)).map(([, text]) => text));
  for (const [key] of listed(first, "note")) seen.add(key);
  const notes = first.note.split("\n").filter((text) => !gone.has(text));
  for (const voice of order.slice(1)) {
    const losing = live.includes(voice) && stand(voice.one) !== stand(result);
    for (const [, text] of listed(voice.one, "note").filter(fresh)) {
      if (losing && !text.startsWith(MARK)) lost.get(voice).push(text.trim());
      else notes.push(text);
    }
  }
  for (const [{ one }, said] of lost) {
    for (const written of said.map((text) => MARK + line(one.by, text))) if (!notes.includes(written)) notes.push(written);
  }
  result.note = notes.join("\n").replace(/^\n+(?=[^])/, "");
  const alike = byAge(voices).find(({ one }) => same(one, result));
  if (alike) Object.assign(result, alike.one);
  result.updated = alike ? alike.one.updated : voices.map(({ one }) => one.updated).sort().at(-1);
  return { ...result, said: tally({ ...result, said: counts }) };
}

/** What the heads come to: {head, changed: [field], open: [{field, voices}]}; what is open stays as it is here unless chosen
    (`picks`: field to voice). Of two levels of risk the higher one counts. */
export function settleHeads(sources, picks = {}) {
  const voices = voicesOf(sources);
  const own = voices[0].one;
  const head = { risk: {} };
  const open = [];
  for (const field of HEAD) {
    const stands = standing(voices, field);
    const different = stands.filter(({ one }, place) => stands.findIndex((other) => other.one[field] === one[field]) === place);
    if (different.length > 1) open.push({ field, voices: different });
    const chosen = picks[field] ?? stands.find((voice) => voice.own) ?? stands[0];
    head[field] = chosen ? chosen.one[field] : field === "marking" ? null : "";
  }
  for (const key of new Set(voices.flatMap(({ one }) => Object.keys(one.risk)))) {
    const stands = standing(voices, `risk.${key}`);
    if (stands.length) head.risk[key] = Math.max(...stands.map(({ one }) => one.risk[key]));
  }
  head.said = tally({ ...head, said: together(voices) });
  const risks = [...new Set([own, head].flatMap(({ risk }) => Object.keys(risk)))].map((key) => `risk.${key}`);
  return { head, open, changed: [...HEAD, ...risks].filter((field) => keyOf(head, field) !== keyOf(own, field)) };
}
