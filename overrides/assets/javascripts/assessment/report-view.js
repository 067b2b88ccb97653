/* What a gap report says, pure: from the catalogue of one language, an assessment, its answers and frozen rounds to a view
   for the template csbp-report-<lang>. Figures come from scoring.js; here they only get their words. */

import { isReworded } from "./given.js";
import { inWords } from "./page.js";
import { proposedDue, readiness, score } from "./scoring.js";
import { has } from "./tally.js";

/** Rounds in the chart, so that labels keep apart on a telephone; the table lists all. */
const MOST_ROUNDS = 5;
const find = (list, key, value) => list.find((one) => one[key] === value);

export function viewOf(catalogue, head, answers, rounds, { notSet, proposed }) {
  const { lang, scoring: rules } = catalogue;
  const number = (value) => (value === null ? "–" : value.toFixed(1).replace(".", lang === "es" ? "," : "."));
  const percent = (value) => (value === null ? "–" : number(value) + (lang === "es" ? "\u00a0%" : "%"));
  const day = (when) => (when ? inWords(when, lang) : "");
  const level = (value) => (value === null ? "" : `${value} ${find(rules.levels, "level", value).label}`);
  const items = new Map(catalogue.requirements.map((item) => [item.id, item]));
  const assessment = { ...head, answers };
  const result = score(catalogue, assessment);
  const rows = new Map(result.rows.map((row) => [row.id, row]));
  const finding = (status) => find(rules.findings, "status", status);
  const bandOf = (id) => (id ? find(rules.bands.scale, "id", id) : { symbol: "–", label: "" });

  const figures = (total, name) => {
    const { label, symbol } = bandOf(total.band);
    return { ...total, name, percent: percent(total.attainment), width: total.attainment ?? 0, band: label, sign: symbol, none: total.attainment === null };
  };
  const stated = (id) => ({ id, text: items.get(id).text, behind: items.get(id).behind });
  const line = (id) => {
    const [row, item, one] = [rows.get(id), items.get(id), answers[id]];
    const due = one.due ?? proposedDue(row.priority, head.review_date, rules);
    return {
      ...stated(id), ...row, status: finding(row.status).label, symbol: finding(row.status).symbol, now: level(row.supported),
      kind: row.critical ? find(rules.critical_gap.kinds, "kind", row.critical).label : "",
      because: row.basis === "claimed" ? "" : find(rules.bases, "basis", row.basis).reason, claimedText: level(row.claimed),
      week: item.week, full: item.full, owner: one.owner || notSet, dueOn: due ?? "", due: due ? day(due) : find(rules.priority.classes, "id", row.priority).clock,
      proposed: one.due ? "" : proposed, overdue: Boolean(one.due && one.due < head.review_date), note: one.note, noteLang: head.language,
      evidence: one.evidence.map((piece) => ({ it: [find(rules.evidence.types, "type", piece.type).label, piece.reference, piece.custodian, day(piece.date)].filter(Boolean).join(", ") })),
      checked: [...new Set(one.evidence.map((piece) => piece.verified_by).filter((name) => name && name !== one.by))].join(", "),
    };
  };
  const plan = result.priorities.map(line);
  const ready = rules.targets.map(({ level: target }) => readiness(target === head.target ? result : score(catalogue, assessment, target), rules));
  const whole = result.overall;
  const points = [
    ...rounds.map(({ taken, title, result: past, state, mark, intact, by }) => ({
      title, by, day: day(taken), past, attainment: past.attainment, percent: percent(past.attainment), critical: past.critical_gaps,
      complete: percent(past.completeness), state: find(rules.review.states, "state", state).label, mark, altered: intact === false,
      other: past.edition !== catalogue.edition || past.target !== head.target || past.requirements !== whole.requirements,
    })),
    { day: day(head.review_date), attainment: whole.attainment, percent: percent(whole.attainment), critical: whole.critical_gaps, complete: percent(whole.completeness), now: true },
  ];
  const seen = points.slice(-MOST_ROUNDS - 1).map((one, place, { length }) => {
    const y = 20 + 1.4 * (100 - (one.attainment ?? 0));
    return { ...one, x: `${8 + (84 * place) / (length - 1 || 1)}%`, y, above: y - 10 };
  }).filter(({ attainment }) => attainment !== null);
  return {
    lang, site: head.site, scope: head.scope, day: day(head.review_date), target: find(rules.targets, "level", head.target).label, level: head.target,
    edition: catalogue.edition, saved: day([head, ...Object.values(answers)].map(({ updated }) => updated).sort().at(-1)), marking: head.marking, provisional: whole.provisional, id: head.id,
    overall: { ...figures(whole, ""), complete: percent(whole.completeness) },
    n_open: whole.unanswered, n_absent: whole.critical_not_in_place, n_evidence: whole.critical_not_evidenced, n_points: whole.points,
    n_max: whole.max, n_answered: whole.answered, n_na: whole.not_applicable, n_level: number(whole.weighted_level),
    ready: ready.map((one) => ({
      label: find(rules.readiness.rules, "target", one.target).label, yes: one.ready, no: !one.ready,
      criteria: one.criteria.map(({ id, met, needed, open }) => ({
        text: rules.readiness.criteria[id].replace("{value}", needed).replace(" %", "\u00a0%"), sign: met ? "✓" : "✗", met, unmet: !met, open: open.slice(0, 12).join(", ") + (open.length > 12 ? " …" : ""),
      })),
    })),
    domains: result.domains.map((total) => figures(total, find(catalogue.domains, "code", total.key).name)),
    chapters: result.chapters.map((total) => ({ ...figures(total, find(catalogue.chapters, "code", total.key).title), risk: head.risk[total.key] ?? "–" })),
    plan, critical: plan.filter((one) => one.critical),
    classes: rules.priority.classes.map(({ id, clock }) => ({ id, clock, lines: plan.filter((one) => one.priority === id) })).filter(({ lines }) => lines.length),
    strengths: result.strengths.map(stated), observations: result.observations.map(stated),
    na: result.not_applicable.map((id) => ({ ...stated(id), ...answers[id].na, manager: rows.get(id).accountable_manager, noteLang: head.language })),
    incomplete: result.rows.filter((row) => row.na_incomplete).map(({ id }) => stated(id)),
    scopes: result.check_scope.map((code) => ({ code, name: find(catalogue.chapters, "code", code).title })),
    alternatives: result.alternatives.map((id) => ({ ...stated(id), alternative: answers[id].alternative })),
    auditor: result.auditor_differs.map((id) => ({ ...stated(id), own: level(rows.get(id).claimed), rated: level(rows.get(id).auditor_level) })),
    old: result.review_evidence.map(stated), ahead: result.evidence_after_review.map(stated),
    reworded: catalogue.requirements.filter((item) => answers[item.id] && has(answers[item.id]) && isReworded(answers[item.id], item)).map(({ id }) => id).join(", "),
    unanswered: result.unanswered.join(", "), strangers: result.strangers.join(", "),
    rounds: points, some: rounds.length > 0, dots: seen,
    lines: seen.slice(1).map(({ x, y }, place) => ({ x2: x, y2: y, x1: seen[place].x, y1: seen[place].y })),
    result,
  };
}
