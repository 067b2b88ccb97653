/* The scoring model in the browser: the same steps as guide/scoring.py and guide/readiness.py, held to them by
   tests/test_scoring.py. Pure: no page, no storage, no words.
   In:  catalogue.json ({requirements, chapters, scoring}) and an assessment as in guide/assessment.py.
   Out: a result with rows, chapters, domains, phases, overall and lists of ids; field names as in guide/result.py.
   Sums are whole numbers; percentages have one decimal and are for display, bands never see them. */

import { addDays, addMonths, dayNumber } from "./days.js";

/** `number` / `of` with one decimal, halves up; null where `of` is 0. */
const tenths = (number, of) => (of ? Math.floor((20 * number + of) / (2 * of)) / 10 : null);

/** Requirements in force, in the order of the catalogue, as scoring needs them. */
function itemsOf(catalogue) {
  const domains = new Map(catalogue.chapters.map((chapter) => [chapter.code, chapter.domain]));
  return catalogue.requirements
    .filter((requirement) => !requirement.retired)
    .map((requirement) => ({ ...requirement, domain: domains.get(requirement.chapter) }));
}

/** Scores `assessment` ({answers, risk, review_date}) at `target`, by default its own. */
export function score(catalogue, assessment, target = assessment.target) {
  const rules = catalogue.scoring;
  const items = itemsOf(catalogue);
  const answers = new Map(Object.entries(assessment.answers));
  const risk = new Map(Object.entries(assessment.risk));
  const today = dayNumber(assessment.review_date);
  const rows = items.map((item) => scoreOne(item, answers.get(item.id) ?? null, risk, today, target, rules));
  const chapters = totals(rows, items.map((item) => item.chapter), rules);
  const gaps = rows.filter((row) => row.priority !== null).sort(byUrgency);
  const ids = (wanted) => rows.filter(wanted).map((row) => row.id);
  const best = rules.levels.at(-1).level;
  const known = new Set(items.map((item) => item.id));
  const limit = rules.not_applicable.check_scope_above_percent;
  return {
    target,
    review_date: assessment.review_date,
    rows,
    chapters,
    domains: totals(rows, items.map((item) => item.domain), rules),
    phases: totals(rows, items.map((item) => item.phase), rules),
    overall: total("overall", rows, rules),
    critical: gaps.filter((row) => row.critical).map((row) => row.id),
    priorities: gaps.map((row) => row.id),
    strengths: ids((row) => row.supported === best),
    observations: ids((row) => row.status === "observation"),
    review_evidence: ids((row) => row.review_evidence),
    evidence_after_review: ids((row) => row.evidence_after_review),
    alternatives: ids((row) => row.alternative),
    not_applicable: ids((row) => row.status === "not_applicable"),
    unanswered: ids((row) => row.status === "unanswered"),
    check_scope: chapters
      .filter((one) => 100 * one.weight_not_applicable > limit * (one.weight + one.weight_not_applicable))
      .map((one) => one.key),
    auditor_differs: ids((row) => row.auditor_differs),
    strangers: [...answers.keys()].filter((id) => !known.has(id)).sort(),
  };
}

/** One requirement, scored; `today` is the day number of the review date. */
export function scoreOne(item, answer, risk, today, assessmentTarget, rules) {
  const target = Math.max(assessmentTarget, answer?.target ?? 0);
  const setRisk = risk.get(item.id) ?? risk.get(item.chapter) ?? null;
  const dates = (answer?.evidence ?? []).map((piece) => piece.date ?? null).filter((date) => date !== null);
  const newest = dates.length ? dates.reduce((a, b) => (a > b ? a : b)) : null;
  const age = newest === null ? 0 : today - dayNumber(newest);
  const stale = newest !== null && age > item.evidence_max_age_days;
  const claim = answer?.na ?? null;
  const accepted = claim !== null && isAccepted(claim, rules);
  const claimed = claim === null ? (answer?.level ?? null) : null;
  const auditor = answer?.auditor_level ?? null;
  const row = {
    id: item.id,
    chapter: item.chapter,
    weight: item.weight,
    status: accepted ? "not_applicable" : "unanswered",
    target,
    claimed,
    supported: accepted ? null : 0,
    basis: null,
    points: null,
    max: null,
    gap: null,
    critical: null,
    risk: setRisk ?? rules.risk.when_not_set,
    risk_set: setRisk !== null,
    priority_score: null,
    priority: null,
    evidence_date: newest,
    review_evidence: false,
    evidence_after_review: claimed !== null && age < 0,
    alternative: claimed !== null && (answer.alternative ?? "").trim() !== "",
    na_incomplete: claim !== null && !accepted,
    accountable_manager: accepted && item.weight >= rules.not_applicable.accountable_manager_from_weight,
    auditor_level: auditor,
    auditor_differs: claimed !== null && auditor !== null && Math.abs(claimed - auditor) >= rules.review.auditor_difference,
  };
  if (claimed !== null) {
    [row.supported, row.basis] = support(claimed, newest !== null, stale, rules);
    row.gap = Math.max(0, target - row.supported);
    if (row.gap && item.weight === rules.critical_gap.weight && row.supported <= rules.critical_gap.at_most_level) {
      row.critical = row.basis === "no_evidence" ? "not_evidenced" : "not_in_place";
    }
    row.status = row.critical ? "critical_gap" : row.gap ? "gap" : row.basis === "stale_evidence" ? "observation" : "conforms";
    if (row.gap) {
      row.priority_score = row.gap * item.weight * row.risk;
      row.priority = prioritise(row.priority_score, row.critical !== null, rules);
    }
    const { dated_from_level: dated, recent_from_level: recent } = rules.evidence;
    row.review_evidence = dated <= claimed && claimed < recent && stale;
  }
  if (row.supported !== null) {
    row.points = item.weight * Math.min(row.supported, target);
    row.max = item.weight * target;
  }
  return row;
}

/** [level that evidence supports, why]; never above the claim. */
function support(claimed, dated, stale, { evidence }) {
  if (claimed >= evidence.dated_from_level && !dated) return [evidence.level_without, "no_evidence"];
  if (claimed >= evidence.recent_from_level && stale) return [evidence.level_when_stale, "stale_evidence"];
  return [claimed, "claimed"];
}

/** Whether "not applicable" has a sufficient reason and an approver. */
export function isAccepted(claim, { not_applicable: rule }) {
  return [...claim.reason.trim()].length >= rule.reason_min_characters && claim.approved_by.trim() !== "";
}

/** The class of a gap; a critical one is lifted to the floor of the rules. */
function prioritise(priorityScore, critical, { priority }) {
  const found = priority.classes.findIndex((step) => priorityScore >= step.from_score);
  const floor = priority.classes.findIndex((step) => step.id === priority.critical_never_below);
  return priority.classes[critical ? Math.min(found, floor) : found].id;
}

/** The day that the proposed clock sets for the plan or the closing of a gap; null where it sets none. */
export function proposedDue(priorityId, reviewDate, { priority }) {
  const step = priority.classes.find((one) => one.id === priorityId);
  if (step.close_months !== null) return addMonths(reviewDate, step.close_months);
  const days = step.close_days ?? step.plan_days;
  return days === null ? null : addDays(reviewDate, days);
}

/** The band of unrounded attainment, capped by any critical gap; null when nothing applies. */
function band(points, most, criticalGaps, { bands }) {
  if (!most) return null;
  const found = bands.scale.findIndex((step) => 100 * points >= step.from_percent * most);
  const cap = bands.scale.findIndex((step) => step.id === bands.capped_at);
  return bands.scale[criticalGaps ? Math.max(found, cap) : found].id;
}

/** Readiness for the target at which `result` was scored: {target, ready, criteria: [{id, met, needed, open}]}. */
export function readiness(result, rules) {
  const target = rules.targets.find((one) => one.level === result.target);
  const rule = rules.readiness.rules.find((one) => one.target === target.id);
  const whole = result.overall;
  const weak = result.rows
    .filter((row) => row.weight === rules.critical_gap.weight && row.supported !== null && row.supported < rule.essential_at_least)
    .map((row) => row.id);
  const enough = whole.max > 0 && 100 * whole.points >= rule.overall_at_least_percent * whole.max;
  const criteria = [
    { id: "complete", met: whole.requirements > 0 && !whole.provisional, needed: null, open: result.unanswered },
    { id: "no_critical_gap", met: result.critical.length === 0, needed: null, open: result.critical },
    { id: "essential", met: weak.length === 0, needed: rule.essential_at_least, open: weak },
    { id: "overall", met: enough, needed: rule.overall_at_least_percent, open: [] },
  ];
  const least = rule.chapter_at_least_percent;
  if (least !== null) {
    const low = result.chapters.filter((one) => 100 * one.points < least * one.max).map((one) => one.key);
    criteria.push({ id: "chapters", met: low.length === 0, needed: least, open: low });
  }
  return { target: target.id, ready: criteria.every((criterion) => criterion.met), criteria };
}

/** What a snapshot keeps of a result (Headline in guide/assessment.py). */
export function headline(result, edition) {
  const { requirements, points, max, attainment, weighted_level, completeness, provisional } = result.overall;
  const { critical_gaps, critical_not_in_place, critical_not_evidenced, band: bandId } = result.overall;
  return {
    edition, target: result.target, requirements, points, max, attainment, weighted_level, completeness, provisional,
    critical_gaps, critical_not_in_place, critical_not_evidenced, band: bandId,
  };
}

function byUrgency(a, b) {
  const order = a.priority < b.priority ? -1 : a.priority > b.priority ? 1 : 0;
  return order || (a.critical === null) - (b.critical === null) || b.priority_score - a.priority_score || b.weight - a.weight;
}

function totals(rows, keys, rules) {
  const groups = new Map();
  rows.forEach((row, place) => groups.set(keys[place], [...(groups.get(keys[place]) ?? []), row]));
  return [...groups].map(([key, group]) => total(key, group, rules));
}

function total(key, rows, rules) {
  const sum = (values, of) => values.reduce((all, row) => all + of(row), 0);
  const count = (wanted) => rows.filter(wanted).length;
  const counted = rows.filter((row) => row.supported !== null);
  const points = sum(counted, (row) => row.points);
  const max = sum(counted, (row) => row.max);
  const weight = sum(counted, (row) => row.weight);
  const levelSum = sum(counted, (row) => row.weight * row.supported);
  const unanswered = count((row) => row.status === "unanswered");
  const notInPlace = count((row) => row.critical === "not_in_place");
  const notEvidenced = count((row) => row.critical === "not_evidenced");
  return {
    key,
    requirements: rows.length,
    answered: counted.length - unanswered,
    not_applicable: rows.length - counted.length,
    unanswered,
    points,
    max,
    attainment: tenths(100 * points, max),
    weight,
    level_sum: levelSum,
    weighted_level: tenths(levelSum, weight),
    completeness: tenths(100 * (rows.length - unanswered), rows.length),
    provisional: unanswered > 0,
    critical_gaps: notInPlace + notEvidenced,
    critical_not_in_place: notInPlace,
    critical_not_evidenced: notEvidenced,
    gaps: count((row) => row.status === "gap"),
    observations: count((row) => row.status === "observation"),
    conforming: count((row) => row.status === "conforms"),
    weight_not_applicable: sum(rows.filter((row) => row.supported === null), (row) => row.weight),
    band: band(points, max, notInPlace + notEvidenced, rules),
  };
}
