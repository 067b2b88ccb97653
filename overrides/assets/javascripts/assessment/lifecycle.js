/* The certification path in the browser: the same steps as guide/lifecycle.py, held to it by tests/test_lifecycle.py.
   In: `lifecycle` of catalogue.json and days as "YYYY-MM-DD". Out: milestones in order, and the text of an .ics file. */

import { addMonths, readDay } from "./days.js";

const encoder = new TextEncoder();

/** Milestones {kind, number, day, assumed} in order of date; without `decision` it is assumed at the end of implementation. */
export function milestones(admission, route, rules, decision = null) {
  readDay(admission);
  if (decision !== null) readDay(decision);
  if (decision !== null && decision < admission) throw new RangeError("decision before admission");
  const ofRoute = rules.routes.find((one) => one.route === route);
  const assumed = decision === null;
  const implemented = addMonths(admission, rules.implementation_months);
  const decided = decision ?? implemented;
  const expiry = addMonths(decided, ofRoute.valid_months);
  const found = [];
  const add = (kind, number, day, rests) => found.push({ kind, number, day, assumed: rests });
  add("admission", 0, admission, false);
  add("self_assessment", 0, addMonths(admission, rules.implementation_months - rules.self_assessment_months_before), false);
  add("implementation_end", 0, implemented, false);
  add("decision", 0, decided, assumed);
  for (let number = 1; ; number += 1) {
    const day = addMonths(admission, number * rules.document_review_every_months);
    if (day > expiry) break;
    add("document_review", number, day, false);
  }
  const every = ofRoute.audit_every_months;
  for (let number = 1; every !== null && number * every < ofRoute.valid_months; number += 1) {
    add("annual_audit", number, addMonths(decided, number * every), assumed);
  }
  add("renewal", 0, addMonths(decided, ofRoute.valid_months - rules.renewal_months_before), assumed);
  add("expiry", 0, expiry, assumed);
  const rank = Object.fromEntries(rules.milestones.map((words, place) => [words.kind, place]));
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return found.sort((a, b) => compare(a.day, b.day) || rank[a.kind] - rank[b.kind] || a.number - b.number);
}

const wordsOf = (milestone, rules) => rules.milestones.find((words) => words.kind === milestone.kind);

/** What a milestone is called, with its number where it repeats. */
export const title = (milestone, rules, lang) =>
  wordsOf(milestone, rules).title[lang].replaceAll("{number}", String(milestone.number));

/** What a milestone asks for, whose rule it is, and whether its date is assumed. */
export function note(milestone, rules, lang) {
  const words = wordsOf(milestone, rules);
  const basis = rules.bases.find((one) => one.basis === words.basis).label[lang];
  return [words.note[lang], `(${basis})`, ...(milestone.assumed ? [rules.assumed[lang]] : [])].join(" ");
}

/** The .ics text (RFC 5545). `seed` keeps UIDs stable when dates change; `stamp` is a Date: the moment of making. */
export function calendar(path, route, rules, lang, { seed, stamp, site = "" }) {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(seed)) throw new RangeError("seed");
  const made = stamp.toISOString().replace(/[-:]|\.\d+/g, "");
  const { uid_suffix: suffix, remind_days_before: remind } = rules.calendar;
  const category = rules.calendar.category[lang];
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", `PRODID:-//${suffix}//1//${lang.toUpperCase()}`, "CALSCALE:GREGORIAN"];
  for (const milestone of path) {
    const summary = `${category}: ${title(milestone, rules, lang)}${site ? ` (${site})` : ""}`;
    lines.push(
      "BEGIN:VEVENT",
      `UID:${seed}-${route}-${milestone.kind}-${milestone.number}@${suffix}`,
      `DTSTAMP:${made}`,
      `DTSTART;VALUE=DATE:${milestone.day.replaceAll("-", "")}`,
      `SUMMARY:${escape(summary)}`,
      `DESCRIPTION:${escape(note(milestone, rules, lang))}`,
      `CATEGORIES:${escape(category)}`,
      "CLASS:PRIVATE",
      "TRANSP:TRANSPARENT",
    );
    if (remind && milestone.kind !== "admission") {
      lines.push("BEGIN:VALARM", "ACTION:DISPLAY", `TRIGGER:-P${remind}D`, `DESCRIPTION:${escape(summary)}`, "END:VALARM");
    }
    lines.push("END:VEVENT");
  }
  lines.push("END:VCALENDAR");
  return lines.map((line) => `${fold(line)}\r\n`).join("");
}

/** A TEXT value: backslash, semicolon, comma and line break escaped, control characters out. */
function escape(text) {
  const clean = text.replaceAll("\r\n", "\n").replace(/[\x00-\x08\x0b-\x1f\x7f]/g, "");
  return clean.replace(/[\\;,]/g, "\\$&").replaceAll("\n", "\\n");
}

/** A content line in lines of at most 75 octets, never broken inside a character. */
function fold(line) {
  let out = "";
  let room = 75;
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (octets > room) {
      out += "\r\n ";
      room = 74;
    }
    out += character;
    room -= octets;
  }
  return out;
}
