
// Slack folds a long section by how high it is drawn: what is higher than five lines is cut off.
for (const text of document.querySelectorAll(".folding")) {
  const more = text.nextElementSibling;
  if (text.scrollHeight <= text.clientHeight + 1) {
    text.classList.remove("folding");
    continue;
  }
  text.classList.add("folded");
  more.hidden = false;
  more.addEventListener("click", () => {
    const folded = text.classList.toggle("folded");
    text.classList.toggle("folding", folded);
    more.textContent = folded ? "Show more" : "Show less";
  });
}
