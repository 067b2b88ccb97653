/* How many of some answers count: a level does, "not applicable" only with what the score asks of it. In: answers (some may be
   missing) and the rules of scoring. The test is scoring.js's own, fetched where somebody claims N/A. */

export async function countGiven(answers, rules) {
  const { isAccepted } = answers.some((one) => one?.na) ? await import("./scoring.js") : {};
  return answers.filter((one) => one && (one.na ? isAccepted(one.na, rules) : one.level !== null)).length;
}

/** Whether an answer was given to another wording of a requirement than the one in force. */
export const isReworded = ({ text_hash }, { hash }) => text_hash.en !== hash.en || text_hash.es !== hash.es;
