// What people press, choose and fill in, in messages, modals and on the Home tab.
import { act, suggest } from "./ask.js";
import * as combo from "./combo.js";

const surfaceOf = (e) => {
  const s = e.closest("[data-view], [data-ts]");
  return s?.dataset.view ? { view: s.dataset.view } : { channel: s?.dataset.channel, ts: s?.dataset.ts };
};

const slotOf = (e) => e.closest("[data-action]");

// valuesOf is what an element holds.
function valuesOf(e) {
  if (e.matches(".search")) {
    if (e.dataset.kind.startsWith("multi_")) return [...e.querySelectorAll(".chosen")].map((c) => c.dataset.value);
    return e.dataset.chosen ? [e.dataset.chosen] : [];
  }
  if (e.matches(".choices")) return [...e.querySelectorAll("input:checked")].map((i) => i.value);
  return e.value === "" ? [] : [e.value];
}

const entry = (e) => ({ block: e.dataset.block, action: e.dataset.action, values: valuesOf(e) });

// enter tells Slack what an element holds.
async function enter(e) {
  delete e.dataset.dirty;
  const s = surfaceOf(e);
  if (s.view) return act({ do: "fill", view: s.view, fields: [entry(e)] });
  return act({ do: "click", ...s, block: e.dataset.block, action: e.dataset.action, value: valuesOf(e)[0] ?? "" });
}

// press presses a button, after what it asks first.
async function press(e) {
  const asks = e.nextElementSibling;
  if (asks?.matches("dialog") && !(await sure(asks))) return;
  const s = surfaceOf(e), slot = slotOf(e);
  await flush(e.closest("#modal-blocks"));
  e.classList.add("pressed");
  await act({ do: "click", ...s, block: slot.dataset.block, action: slot.dataset.action, value: e.dataset.value ?? "" });
  e.classList.remove("pressed");
}

// sure asks what a dialog asks, and waits for what is pressed in it. What it belongs to may be drawn anew meanwhile.
function sure(asks) {
  const dialog = document.body.appendChild(asks.cloneNode(true));
  dialog.className = "asks";
  const [no, yes] = dialog.querySelectorAll("button");
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => { dialog.remove(); done(dialog.returnValue === "yes"); }, { once: true });
    no.onclick = () => dialog.close("no");
    yes.onclick = () => dialog.close("yes");
  });
}

// flush enters what was typed and not entered yet.
async function flush(root) {
  const fields = dirty(root);
  if (fields.length) await act({ do: "fill", view: fields[0].view, fields: fields.map((f) => f.entry) });
}

function dirty(root) {
  return [...(root?.querySelectorAll("[data-dirty]") ?? [])].filter((e) => e.dataset.action).map((e) => {
    delete e.dataset.dirty;
    return { view: surfaceOf(e).view, entry: entry(e) };
  });
}

async function submit(view) {
  const fields = dirty(document.getElementById("modal-blocks")).map((f) => f.entry);
  const button = document.querySelector("[data-submit]");
  button?.setAttribute("aria-busy", "true");
  await act({ do: "submit", view, fields });
  document.querySelector("[data-submit]")?.removeAttribute("aria-busy");
  document.querySelector("#modal-blocks .wrong input, #modal-blocks .wrong textarea, #modal-blocks .wrong select")?.focus();
}

// choose takes an option of a menu that is typed into.
function choose(box, o) {
  const input = box.querySelector("input");
  if (box.dataset.kind.startsWith("multi_")) {
    if (valuesOf(box).includes(o.value)) return;
    const chip = document.createElement("span");
    chip.className = "chosen";
    chip.dataset.value = o.value;
    chip.textContent = o.text;
    box.insertBefore(chip, input);
    input.value = "";
  } else {
    box.dataset.chosen = o.value;
    input.value = o.text;
  }
  enter(box);
}

let asked = 0;

async function ask(input) {
  const box = input.closest(".search"), turn = ++asked;
  if ([...input.value].length < Number(box.dataset.least)) return combo.close();
  const s = surfaceOf(box);
  const { options } = await suggest({ ...s, block: box.dataset.block, action: box.dataset.action, text: input.value });
  if (turn === asked && document.activeElement === input) combo.show(input, options ?? [], (o) => choose(box, o));
}

export function listen() {
  document.addEventListener("click", (e) => {
    const t = e.target.closest("button, a.button");
    if (!t) return;
    if (t.matches(".remove")) { const box = t.closest(".search"); t.closest(".chosen").remove(); enter(box); }
    else if (t.matches(".more")) unfold(t);
    else if (t.dataset.submit) submit(t.dataset.submit);
    else if (t.dataset.close) act({ do: "close", view: t.closest("[data-view]").dataset.view, all: t.dataset.close === "all" });
    else if (slotOf(t) && !t.closest("dialog:not(#modal)")) press(t);
    for (const menu of document.querySelectorAll(".overflow[open]")) menu.open = false;
  });
  document.addEventListener("change", (e) => {
    const slot = e.target.closest("[data-action]");
    if (!slot || slot.matches(".search")) return;
    if (slot.matches("input[type=text], textarea") && !slot.dataset.dirty) return;
    enter(slot);
  });
  document.addEventListener("input", (e) => {
    if (e.target.matches(".search input")) return ask(e.target);
    if (e.target.matches("[data-action]")) e.target.dataset.dirty = "1";
  });
  document.addEventListener("pointerup", (e) => { if (e.target.matches?.(".search input") && !combo.isOpen(e.target)) { e.target.select(); ask(e.target); } });
  document.addEventListener("focusout", (e) => { if (combo.isOpen(e.target)) combo.close(); });
  document.addEventListener("keydown", (e) => {
    if (combo.key(e)) return;
    if (e.key === "ArrowDown" && e.target.matches?.(".search input")) { e.preventDefault(); return ask(e.target); }
    const modal = document.getElementById("modal");
    if (!modal.open || e.target !== document.body && !modal.contains(e.target)) return;
    if (e.key === "Escape" && !e.target.closest("dialog:not(#modal)")) modal.querySelector("[data-close]")?.click();
    else if (e.key === "Enter" && e.target.matches("input") && !e.isComposing) { e.preventDefault(); modal.querySelector("[data-submit]")?.click(); }
  });
}

// foldLong cuts off what is higher than Slack shows at once.
export function foldLong(root) {
  for (const text of root.querySelectorAll(".folding")) {
    const more = text.nextElementSibling;
    if (text.scrollHeight <= text.clientHeight + 1) text.classList.remove("folding");
    else { text.classList.add("folded"); more.hidden = false; }
  }
}

function unfold(more) {
  const text = more.previousElementSibling, folded = text.classList.toggle("folded");
  text.classList.toggle("folding", folded);
  more.textContent = folded ? "Show more" : "Show less";
}
