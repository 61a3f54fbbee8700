// Puts pieces of the page, as the server draws them, where they belong. What is typed, focused and scrolled stays.
const policy = globalThis.trustedTypes?.createPolicy("pieces", { createHTML: (s) => s });

const element = (html) => {
  const t = document.createElement("template");
  t.innerHTML = policy ? policy.createHTML(html) : html;
  return t.content.firstElementChild;
};

// place is what finds an element again in a piece that was drawn anew.
const place = (e) => [e.tagName, e.dataset.action, e.dataset.block, e.dataset.value, e.name, e.getAttribute("aria-label"), e.getAttribute("href"), e.textContent.slice(0, 40)].join("|");

const typing = (e) => e.matches?.("input:not([type=checkbox]):not([type=radio]), textarea");

function replace(old, next) {
  const active = document.activeElement;
  const inside = active && active !== document.body && old.contains(active);
  if (!inside) return old.replaceWith(next);
  const where = place(active);
  const at = typing(active) && active.type === "text" ? [active.selectionStart, active.selectionEnd] : null;
  const value = typing(active) && active.dataset.dirty ? active.value : null;
  old.replaceWith(next);
  const again = [next, ...next.querySelectorAll("a,button,input,textarea,select,summary,[tabindex]")].find((e) => place(e) === where) ??
    (active.dataset.action ? next.querySelector(`[data-action="${CSS.escape(active.dataset.action)}"]`) : null) ?? (typing(active) ? next.querySelector("input,textarea") : null);
  if (!again) return;
  if (value !== null) { again.value = value; again.dataset.dirty = "1"; }
  again.focus({ preventScroll: true });
  if (at && again.setSelectionRange) again.setSelectionRange(...at);
}

// fold keeps what was unfolded so: menus, and texts that are longer than Slack shows at once.
function fold(old, next) {
  const all = (e, which) => [e, ...e.querySelectorAll("*")].filter((i) => i.matches(which));
  const menus = all(next, "details"), texts = all(next, ".more");
  all(old, "details").forEach((was, i) => { if (menus[i]) menus[i].open = was.open; });
  all(old, ".more").forEach((was, i) => {
    const now = texts[i], text = now?.previousElementSibling;
    if (was.hidden || !text?.matches(".folding") || was.previousElementSibling.matches(".folded")) return;
    text.classList.remove("folding");
    now.hidden = false;
    now.textContent = was.textContent;
  });
}

const drawn = new WeakMap(); // from what an element was made

export function patch(region, { fresh }) {
  const root = document.getElementById(region.id);
  if (!root) return;
  const scroller = root.closest(".said-all, .thread") ?? root;
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  const there = new Map([...root.children].map((e) => [e.dataset.key, e]));
  const whole = region.id === "issue" && !there.has(region.order[0]); // of an issue that is new its head alone is to catch the eye
  for (const [key, html] of Object.entries(region.put ?? {})) {
    const old = there.get(key);
    if (old && drawn.get(old) === html) continue; // as it is already
    const next = element(html);
    drawn.set(next, html);
    if (fresh && (!whole || key === region.order[0]) && !next.matches("form, .day")) next.classList.add("fresh");
    if (old) { fold(old, next); replace(old, next); }
    there.set(key, next);
  }
  const wanted = new Set(region.order);
  for (const [key, e] of there) if (!wanted.has(key)) e.remove();
  let before = root.firstElementChild;
  for (const key of region.order) {
    const e = there.get(key);
    if (e === before) { before = before.nextElementSibling; continue; }
    if (e) root.insertBefore(e, before);
  }
  if (atEnd || !fresh) if (scroller.matches(".said-all:not(.home), .thread")) scroller.scrollTop = scroller.scrollHeight;
  return root;
}
