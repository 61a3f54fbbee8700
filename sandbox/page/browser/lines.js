(() => {
  // Counts the lines of text that a reader sees in what an app wrote: rows of buttons and
  // fields are lines as well, gaps are none, and what is folded away isn't counted.
  const folded = (node) => {
    for (let e = node.parentElement; e; e = e.parentElement) {
      if (e.classList.contains("folded")) return e.getBoundingClientRect().bottom;
    }
    return Infinity;
  };
  const boxes = [];
  const see = (rect, bottom) => {
    if (rect.width > 0 && rect.height > 0 && rect.top + rect.height / 2 < bottom) boxes.push(rect);
  };
  for (const root of document.querySelectorAll(".blocks")) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("select, textarea") || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const rect of range.getClientRects()) see(rect, folded(node));
    }
    for (const field of root.querySelectorAll("input.field, select, textarea")) see(field.getBoundingClientRect(), folded(field));
  }
  boxes.sort((a, b) => a.top - b.top);
  const lines = [];
  for (const box of boxes) {
    const beside = (line) => Math.min(line.bottom, box.bottom) - Math.max(line.top, box.top) > 0.3 * Math.min(line.height, box.height);
    if (!lines.some(beside)) lines.push(box);
  }
  return lines.length;
})()
