/* Fills [data-progress="<chapter>"] on the home page with how many requirements are answered. Expects data-all (how many there
   are) on each, and in #csbp-progress the sentence (data-words) and what N/A needs (data-rules). */

import { countGiven } from "./given.js";
import { answersOf, follow, store, current } from "./store.js";

const { words, rules } = document.getElementById("csbp-progress").dataset;

await follow(async () => {
  await store.load();
  const head = await current();
  const answers = answersOf(head?.id);
  for (const place of document.querySelectorAll("[data-progress]")) {
    const mine = answers.filter(([id]) => id.startsWith(place.dataset.progress)).map(([, one]) => one);
    const count = await countGiven(mine, JSON.parse(rules));
    place.textContent = count ? words.replace("{count}", count).replace("{all}", place.dataset.all) : "";
  }
});
