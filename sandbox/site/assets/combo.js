// A field with a list of what can be chosen, for mouse, keyboard and screen readers.
let open = null, count = 0;

export function close() {
  if (!open) return;
  open.list.remove();
  open.input.setAttribute("aria-expanded", "false");
  open.input.removeAttribute("aria-activedescendant");
  open.input.removeAttribute("aria-controls");
  open = null;
}

export const isOpen = (input) => open?.input === input;

// show lists options under a field; choose is told which one was taken. The first is the one that Enter takes, unless
// what was typed counts as it is.
export function show(input, options, choose, free = false) {
  close();
  if (options.length === 0) return;
  const list = document.createElement("ul");
  list.role = "listbox";
  list.id = "list" + ++count;
  list.className = "listbox";
  list.setAttribute("aria-label", "Suggestions");
  let group = "";
  options.forEach((o, i) => {
    if (o.group && o.group !== group) {
      const head = document.createElement("li");
      head.role = "presentation";
      head.className = "listhead";
      head.textContent = group = o.group;
      list.append(head);
    }
    const item = document.createElement("li");
    item.role = "option";
    item.id = list.id + "-" + i;
    item.append(document.createElement("span"));
    item.firstChild.textContent = o.text;
    if (o.description) {
      const more = document.createElement("small");
      more.textContent = o.description;
      item.append(more);
    }
    item.addEventListener("pointerdown", (e) => { e.preventDefault(); take(o); });
    list.append(item);
  });
  const take = (o) => { close(); choose(o); };
  document.body.append(list);
  if (list.showPopover) { list.popover = "manual"; list.showPopover(); }
  beside(list, input);
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", list.id);
  open = { input, list, options, at: -1, take };
  if (!free) go(1);
}

// beside puts a list under its field, or above it where there is more room.
function beside(list, input) {
  const r = (input.closest(".composer") ?? input).getBoundingClientRect(), below = innerHeight - r.bottom;
  const room = Math.max(below, r.top) - 12;
  Object.assign(list.style, { left: r.left + "px", width: r.width + "px", maxHeight: Math.min(280, room) + "px" });
  Object.assign(list.style, below > 180 || below > r.top ? { top: r.bottom + 4 + "px", bottom: "auto" } : { top: "auto", bottom: innerHeight - r.top + 4 + "px" });
}

function go(by) {
  const items = [...open.list.querySelectorAll("[role=option]")];
  open.at = (open.at + by + items.length) % items.length;
  items.forEach((e, i) => e.setAttribute("aria-selected", String(i === open.at)));
  items[open.at].scrollIntoView({ block: "nearest" });
  open.input.setAttribute("aria-activedescendant", items[open.at].id);
}

// key works the list by keyboard; true if it was for it.
export function key(e) {
  if (!open || e.target !== open.input) return false;
  if (e.key === "ArrowDown") go(1);
  else if (e.key === "ArrowUp") go(open.at < 0 ? 0 : -1);
  else if (e.key === "Escape") close();
  else if ((e.key === "Enter" || e.key === "Tab") && open.at >= 0) open.take(open.options[open.at]);
  else return false;
  e.preventDefault();
  e.stopPropagation();
  return true;
}
