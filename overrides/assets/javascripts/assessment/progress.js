/* Fills [data-progress="<chapter>"] on the home page with how many requirements are answered. Expects data-all (how many there
   are) on each, and the sentence in data-words of #csbp-progress. */

import { follow, store, current } from "./store.js";

const { words } = document.getElementById("csbp-progress").dataset;

await follow(async () => {
  await store.load();
  const head = await current();
  const given = store.under(`answer/${head?.id}/`).filter(([, one]) => one.level !== null || one.na);
  for (const place of document.querySelectorAll("[data-progress]")) {
    const count = given.filter(([id]) => id.startsWith(place.dataset.progress)).length;
    place.textContent = count ? words.replace("{count}", count).replace("{all}", place.dataset.all) : "";
  }
});
