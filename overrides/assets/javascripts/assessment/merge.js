/* Bringing several people's answers together, pure. In: voices [{name, answers}], the reader's own first. Out: per
   requirement what all say, and answers in which everybody's evidence and words are kept. */

const has = ({ level, na }) => level !== null || na !== null;
/** What an answer says: "na", a level, or null. */
export const stand = (answer) => (answer.na ? "na" : answer.level);
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** {agreed, single, conflicts, notesOnly}: lists of {id, voices: [{name, own, answer}]}. */
export function compare(sources) {
  const found = { agreed: [], single: [], conflicts: [], notesOnly: [] };
  const ids = [...new Set(sources.flatMap(({ answers }) => Object.keys(answers)))].sort();
  for (const id of ids) {
    const voices = sources
      .map(({ name, answers }, place) => ({ name, own: place === 0, answer: answers[id] ?? null }))
      .filter(({ answer }) => answer !== null);
    const given = voices.filter(({ answer }) => has(answer));
    const stands = new Set(given.map(({ answer }) => stand(answer)));
    const kind = stands.size > 1 ? "conflicts" : given.length > 1 ? "agreed" : given.length ? "single" : "notesOnly";
    found[kind].push({ id, voices });
  }
  return found;
}

/** The voice that counts where nobody has to choose: one that took a stand, the newest first. */
export const newest = (voices) =>
  voices.toSorted((a, b) => has(b.answer) - has(a.answer) || (a.answer.updated < b.answer.updated ? 1 : -1))[0];

/** The most cautious voice: the lowest level; N/A only where nobody gives a level. */
export const lowest = (voices) =>
  voices.filter(({ answer }) => has(answer)).toSorted((a, b) => (a.answer.na ? 9 : a.answer.level) - (b.answer.na ? 9 : b.answer.level))[0];

/** `chosen` with everybody's evidence, and a line in the note for each other voice that said something else.
    `line` writes such a line from {name, level, said: [text]}. */
export function join(chosen, voices, line) {
  const result = { ...chosen.answer, evidence: [...chosen.answer.evidence] };
  const notes = [result.note];
  for (const { name, answer } of voices) {
    if (answer === chosen.answer) continue;
    for (const piece of answer.evidence) if (!result.evidence.some((other) => same(other, piece))) result.evidence.push(piece);
    result.target ??= answer.target;
    const said = [answer.na && !same(answer.na, result.na) ? `${answer.na.reason} (${answer.na.approved_by})` : ""];
    for (const field of ["note", "alternative", "owner", "due"]) {
      if (!answer[field] || answer[field] === result[field]) continue;
      if (result[field]) {
        if (!result.note.includes(answer[field])) said.push(answer[field]);
      } else if (field === "note") notes[0] = result.note = answer.note;
      else result[field] = answer[field];
    }
    if (answer.auditor_level !== null) result.auditor_level ??= answer.auditor_level;
    const rated = answer.auditor_level !== null && answer.auditor_level !== undefined && answer.auditor_level !== result.auditor_level;
    if (rated) said.push(`(${answer.auditor_level})`);
    const other = has(answer) && stand(answer) !== stand(result);
    const text = said.filter(Boolean);
    if (!other && !text.length) continue;
    const written = line({ name: answer.by || name, level: other ? stand(answer) : null, said: text });
    if (!result.note.includes(written)) notes.push(written);
  }
  result.note = notes.filter(Boolean).join("\n");
  return result;
}
