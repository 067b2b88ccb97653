/* Filling markup that stands on the page. In: a <template> and values. Out: a filled copy; no words and no markup here.
   data-text="name" sets text, data-say="sentence with {name}" a sentence, data-attr="name:value name:value" attributes,
   data-each="list" repeats its element for each item (whose fields hide those outside), data-if="name" or "!name"
   removes it. Values are only ever set as text or attributes. */

import { load } from "../data.js";

const value = (scope, path) => path.split(".").reduce((found, step) => found?.[step], scope);

export const say = (sentence, scope) => sentence.replace(/\{([\w.]+)\}/g, (_, path) => value(scope, path) ?? "");

/** Attributes are asked for by name and only where there are any: a report has ten thousand elements. */
function fillElement(element, scope) {
  if (element.hasAttributes()) {
    const said = (name) => element.getAttribute(`data-${name}`);
    const each = said("each");
    if (each !== null) {
      element.removeAttribute("data-each");
      for (const item of value(scope, each) ?? []) {
        const copy = element.cloneNode(true);
        element.before(copy);
        fillElement(copy, Object.assign(Object.create(scope), typeof item === "object" ? item : { it: item }));
      }
      return element.remove();
    }
    const wanted = said("if");
    if (wanted !== null) {
      const no = wanted.startsWith("!");
      const found = value(scope, no ? wanted.slice(1) : wanted);
      if (Boolean(Array.isArray(found) ? found.length : found) === no) return element.remove();
    }
    for (const pair of said("attr")?.split(" ") ?? []) {
      const [name, path] = pair.split(":");
      const set = value(scope, path);
      if (set !== null && set !== undefined && set !== false) element.setAttribute(name, set === true ? "" : set);
    }
    const [text, sentence] = [said("text"), said("say")];
    if (text !== null) return void (element.textContent = value(scope, text) ?? "");
    if (sentence !== null) return void (element.textContent = say(sentence, scope));
  }
  for (const child of [...element.children]) fillElement(child, scope);
}

/** A filled copy of the template with this id. */
export function fill(id, scope) {
  const copy = document.getElementById(id).content.cloneNode(true);
  for (const child of [...copy.children]) fillElement(child, scope);
  return copy;
}

/** A sentence of the page: an attribute of the template with id csbp-words. */
export const words = (name) => document.getElementById("csbp-words").getAttribute(`data-${name}`);

/** What the reader is told of a stand: a level, "na" or null. */
export const levelName = (level) => words(`level-${level ?? "none"}`);

/** The slim catalogue in one language, read once for all parts of a page. Where it cannot be had, <csbp-status> hears
    "unread" and tells the reader. */
export const catalogueOf = (lang, root) =>
  load(root, `data/assessment.${lang}.json`).catch((error) => {
    document.dispatchEvent(new Event("unread"));
    throw error;
  });

/** Whether a new passphrase is long enough and stands alike in both fields of `place`; else that is said. */
export function agreed(place) {
  const [passphrase, again] = place.querySelectorAll("[type=password]");
  const [brief, differ] = place.querySelectorAll(".ask-short, .ask-differ");
  brief.hidden = passphrase.value.length >= again.minLength;
  differ.hidden = passphrase.value === again.value;
  const right = brief.hidden && differ.hidden;
  if (!right) (brief.hidden ? again : passphrase).focus();
  return right;
}

/** Hands a file (text or bytes) to the reader; nothing leaves the device otherwise. */
export function download(name, text, type = "application/json") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A day in words, from the page's own (assessment/dates.html): the browser's would cost the report 20 to 100 ms. */
export function inWords(day, lang) {
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  const said = document.querySelector(`.csbp-dates[lang=${lang}]`).dataset;
  return say(said.day, { day: date, month: said.months.split("|")[month - 1], year });
}
