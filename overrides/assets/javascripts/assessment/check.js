/* <csbp-check>: whether a file holds the round that a printed report names, or is itself the one whose fingerprint was given. Expects a form with the fields mark and file, and
   <template id="csbp-checked">. */

import { fingerprint, short } from "./fingerprint.js";
import { open, Refused } from "./file.js";
import { fill, inWords, say, words } from "./page.js";

class Check extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#check(event));
    this.form.addEventListener("input", () => this.#begin());
  }

  /** Takes off what was found: it says nothing of another mark or file. What is under way then is not shown either. */
  #begin() {
    this.querySelector(".checked").replaceChildren();
    return (this.run = {});
  }

  async #check(event) {
    event.preventDefault();
    const run = this.#begin();
    const { mark, file, passphrase } = this.form.elements;
    const asked = mark.value.toLowerCase().replace(/\s/g, "");
    const place = this.querySelector(".checked");
    if (!/^[0-9a-f]{16,64}$/.test(asked)) {
      place.textContent = words("mark-form");
      return mark.focus();
    }
    try {
      const { snapshots, updated, ...whole } = await open(file.files[0], () => passphrase.value || null);
      const rounds = await Promise.all(
        snapshots.map(async (round) => {
          const found = await fingerprint(round);
          const [fits, intact] = [found.startsWith(asked), found === round.fingerprint];
          return { ...round, day: inWords(round.taken, document.documentElement.lang), mark: short(found), fits, intact, altered: !intact };
        }),
      );
      if (run !== this.run) return;
      const match = rounds.some(({ fits, intact }) => fits && intact);
      const own = whole.fingerprint ?? "";
      const itself = own.startsWith(asked);
      const some = rounds.length > 0;
      place.replaceChildren(fill("csbp-checked", {
        rounds, match, itself, some, differs: some && !match && !itself, none: !some && !itself,
        own: own && short(own), day: inWords(updated, document.documentElement.lang),
      }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (run !== this.run) return;
      place.textContent = say(words(`refused-${error.reason}`), { file: file.files[0]?.name, detail: error.detail });
    }
    place.focus();
  }
}

customElements.define("csbp-check", Check);
