// The page: shows what the server draws, and sends what is done.
import { patch } from "./patch.js";
import { act, notice, suggest } from "./ask.js";
import * as combo from "./combo.js";
import * as elements from "./elements.js";
import * as story from "./story.js";

const modal = document.getElementById("modal");
let live = null, first = true;

function connect() {
  live?.close();
  first = true;
  waiting = [];
  live = new EventSource("/live" + location.search);
  live.onopen = () => { first = true; };
  live.onmessage = (e) => held ? waiting.push(JSON.parse(e.data)) : draw(JSON.parse(e.data));
}

// What is pressed isn't drawn anew until it is let go: a browser tells nobody of a press on what has gone meanwhile.
let held = 0, waiting = [];
addEventListener("pointerdown", (e) => { if (e.target.closest?.("a, button, summary, label")) held ||= setTimeout(letGo, 1000); }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(letGo, 50), true); // after the click

function letGo() {
  clearTimeout(held);
  held = 0;
  for (const e of waiting.splice(0)) draw(e);
}

function draw({ regions = [], banners = [], title }) {
  document.title = title;
  const began = first;
  first = false;
  for (const r of regions) {
    const lights = ["issue", "groups", "messages", "issues", "thread"].includes(r.id);
    const root = patch(r, { fresh: !began && lights });
    if (root) elements.foldLong(root);
  }
  dialog();
  filter();
  banners.forEach(banner);
  document.documentElement.dataset.drawn = String(Number(document.documentElement.dataset.drawn ?? 0) + 1);
}

// dialog opens and closes the modal as Slack has it. The rest of that person's Slack is out of reach meanwhile.
let shown = "";
function dialog() {
  const head = document.querySelector("#modal-head > *");
  const view = head?.dataset.view ?? "";
  for (const e of document.querySelectorAll(".side, .talk, .window > .thread")) e.inert = view !== "";
  if (view && !modal.open) modal.show();
  if (!view && modal.open) modal.close();
  document.querySelector(".window").classList.toggle("covered", view !== "");
  const lost = document.activeElement === document.body; // what had it is gone
  if (view && (view !== shown || lost)) (modal.querySelector("[autofocus]") ?? modal.querySelector("#modal-blocks input, #modal-blocks textarea, #modal-blocks select, #modal-blocks button") ?? modal.querySelector("[data-submit], [data-close]"))?.focus();
  if (!view && shown) document.querySelector("#composer input")?.focus({ preventScroll: true });
  shown = view;
}

function banner({ whose, app, text, href }) {
  const a = document.createElement("a");
  a.className = "banner";
  a.href = href;
  for (const [tag, cls, words] of [["small", "", `${whose} · ${app}`], ["span", "", text]]) {
    const e = document.createElement(tag);
    e.className = cls;
    e.textContent = words;
    a.append(e);
  }
  const box = document.getElementById("banners");
  box.append(a);
  while (box.children.length > 3) box.firstChild.remove();
  setTimeout(() => a.remove(), 9000);
}

// goes shows another person, place or issue without loading the page anew.
export function goes(href, push = true) {
  if (push) history.pushState(null, "", href);
  document.body.dataset.show = "slack";
  const scroller = document.querySelector(".said-all");
  scroller.scrollTop = scroller.scrollHeight;
  connect();
  if (new URLSearchParams(location.search).get("in") === "home") act({ do: "home" });
}

document.addEventListener("click", (e) => {
  const a = e.target.closest("a[href^='/?'], a.brand");
  if (a && !e.metaKey && !e.ctrlKey && e.button === 0) {
    e.preventDefault();
    const record = a.closest(".record");
    goes(a.getAttribute("href"));
    a.closest("#banners") && a.remove();
    if (record) document.body.dataset.show = "record";
    if (a.closest(".people, #banners, .tour")) document.querySelector("#composer input")?.focus({ preventScroll: true });
    return;
  }
  const b = e.target.closest("button");
  if (!b) return;
  if (b.dataset.clock) move(b);
  else if (b.dataset.bot) {
    shut(b);
    if (b.dataset.bot === "recover") document.body.dataset.show = "slack"; // what it says is shown there
    act({ do: "bot", by: b.dataset.bot });
  }
  else if (b.dataset.hush) act({ do: "hush" });
  else if (b.dataset.use) act({ do: "use", app: b.dataset.use, directory: b.dataset.directory });
  else if (b.dataset.tour) {
    const there = b.dataset.tour === "play" && document.querySelector(".step a.primary"); // who does it is to be seen doing it
    if (there) goes(there.getAttribute("href"));
    act({ do: "tour", by: b.dataset.tour });
  }
  else if (b.dataset.jira) act({ do: b.dataset.jira, issue: b.dataset.issue });
  else if (b.dataset.share) story.share(b.dataset.share);
  else if (b.dataset.tab) document.body.dataset.show = b.dataset.tab;
});

// move moves the clock. That takes a moment where it goes day by day, and nobody moves it meanwhile.
async function move(b) {
  shut(b);
  document.body.dataset.moving = "";
  await act({ do: "clock", by: b.dataset.clock });
  delete document.body.dataset.moving;
}

// shut closes the menu that a button is in.
function shut(b) {
  const menu = b.closest(".menu-box");
  if (menu) menu.open = false;
}

document.addEventListener("click", (e) => {
  for (const menu of document.querySelectorAll(".menu-box[open]")) if (!menu.contains(e.target)) menu.open = false;
});

document.addEventListener("change", (e) => {
  if (e.target.dataset.fault) act({ do: "fault", fault: e.target.dataset.fault, on: e.target.checked });
});

document.addEventListener("submit", async (e) => {
  e.preventDefault();
  const form = e.target, input = form.elements.text, text = input.value;
  combo.close();
  if (!text.trim()) return;
  input.value = "";
  const done = form.dataset.issue ? await act({ do: "comment", issue: form.dataset.issue, text }) : await act({ do: "say", channel: form.dataset.channel, thread: form.dataset.thread ?? "", text });
  if (!done && !input.value) input.value = text;
});

document.addEventListener("input", async (e) => {
  if (e.target.id === "find") return filter();
  if (!e.target.matches("#composer input")) return;
  if (!e.target.value.startsWith("/")) return combo.close();
  const typed = e.target.value, { options } = await suggest({ do: "command", text: typed });
  if (e.target.value === typed) combo.show(e.target, options ?? [], (o) => { e.target.value = o.value; e.target.focus(); }, true);
});

let filtered = false;

// filter shows the people whose names fit what is typed.
function filter() {
  const words = document.getElementById("find").value.toLowerCase();
  if (words === "" && !filtered) return;
  filtered = words !== "";
  for (const e of document.querySelectorAll("#people > li")) e.hidden = words !== "" && !e.textContent.toLowerCase().includes(words);
}

// Alt and an arrow go from person to person, Alt and a digit to one of them.
document.addEventListener("keydown", (e) => {
  if (!e.altKey || e.ctrlKey || e.metaKey) return;
  const all = [...document.querySelectorAll(".person")], at = all.findIndex((p) => p.hasAttribute("aria-current"));
  const to = e.key === "ArrowDown" ? all[at + 1] : e.key === "ArrowUp" ? all[at - 1] : /^[1-9]$/.test(e.key) ? all[Number(e.key) - 1] : null;
  if (to) { e.preventDefault(); to.click(); }
});

window.addEventListener("popstate", () => goes("", false));
elements.listen();
elements.foldLong(document);
document.querySelector(".said-all").scrollTop = 1e9;
connect();
dialog();
story.offer(notice);
