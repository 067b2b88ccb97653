// Shows every saved change: asks the preview to tell it when this address shows something else, then loads it again at
// the same scroll position; problems come and go without loading. Enters: /-/changes?address=…, events with the marks
// of the page and the HTML of the problems. Expects nothing of the page.
const at = `preview-scroll ${location.pathname}`;
const kept = sessionStorage.getItem(at);
if (kept !== null) {
  sessionStorage.removeItem(at);
  history.scrollRestoration = "manual";
  const restore = () => scrollTo({ top: Number(kept), behavior: "instant" });
  restore();
  addEventListener("load", restore);
}

function again() {
  sessionStorage.setItem(at, String(scrollY));
  location.reload();
}

function show(problems) {
  document.getElementById("preview-problems")?.remove();
  const holder = document.createElement("template");
  holder.innerHTML = problems;
  document.body.append(holder.content);
}

const shown = document.currentScript?.dataset.mark ?? document.querySelector("script[data-mark]").dataset.mark;
const changes = new EventSource(`/-/changes?address=${encodeURIComponent(location.pathname)}`);
changes.addEventListener("message", (event) => {
  const { mark, problems } = JSON.parse(event.data);
  if (mark !== shown) again();
  else show(problems);
});
