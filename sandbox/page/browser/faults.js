(() => {
  // What keeps people from using a page who can't see it, or use a keyboard alone, as it is drawn here.
  const found = new Set(), say = (what, e) => found.add(what + (e ? ": " + (e.outerHTML || "").slice(0, 120) : ""));
  const light = c => { const [r, g, b] = c.map(v => { v /= 255; return v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const parts = c => (c.match(/[\d.]+/g) || []).map(Number);
  const under = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  if (!document.documentElement.lang) say("the page doesn't say its language");
  if (!document.title) say("the page has no title");
  if (document.querySelectorAll("main").length !== 1) say("there is no one main part");
  const ids = new Map();
  for (const e of document.querySelectorAll("[id]")) { if (ids.has(e.id)) say("an id is there twice", e); ids.set(e.id, e); }
  for (const a of document.querySelectorAll("a[href^='#']")) if (a.hash.length > 1 && !ids.has(decodeURIComponent(a.hash.slice(1)))) say("a link leads nowhere", a);
  let level = 0;
  for (const h of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) { const now = Number(h.tagName[1]); if (now > level + 1) say("a heading is missing before", h); level = now; }
  for (const t of document.querySelectorAll("table")) if (!t.caption && !t.ariaLabel && !t.getAttribute("aria-labelledby")) say("a table has no name", t);
  for (const t of document.querySelectorAll("th")) if (!t.scope) say("a heading of a table doesn't say of what", t);
  for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) say("the order of the keyboard is another one than that of the page", e);
  for (const e of document.querySelectorAll("*")) if (e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX) && e.tabIndex < 0 && !e.closest("[inert]") && !e.querySelector("a[href],button,input,select,textarea,[tabindex]")) say("a part that is scrolled can't be by keyboard", e);
  const text = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; (n = text.nextNode());) {
    const e = n.parentElement;
    if (!n.data.trim() || !e.checkVisibility() || e.closest("script,style")) continue;
    const s = getComputedStyle(e), size = parseFloat(s.fontSize), large = size >= 24 || size >= 18.66 && Number(s.fontWeight) >= 700;
    const a = light(parts(s.color).slice(0, 3)), b = light(under(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < (large ? 3 : 4.5)) say("text is hard to read, " + ratio.toFixed(1) + " to 1", e);
  }
  return [...found];
})()
