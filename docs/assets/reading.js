/* Reading: links that copy, figures and terms that explain themselves, large type. Without it the text is whole. */
const article = document.querySelector(".pledge-document article");
const made = (tag, about) => Object.assign(document.createElement(tag), about);

/* Large type: remembered; the line in the head applies it before the page is drawn. */
const large = made("button", { type: "button", className: "md-header__button large", title: "大字", textContent: "大" });
const show = () => large.setAttribute("aria-pressed", document.documentElement.classList.contains("large"));
large.addEventListener("click", () => {
  const on = document.documentElement.classList.toggle("large");
  try { localStorage.setItem("large", on ? "1" : ""); } catch { /* private mode: for this page only */ }
  show();
});
show();
document.querySelector(".md-header__inner > .md-header__title")?.after(large);

/* Permalinks */
const status = made("div", { role: "status", className: "copied" });
document.body.append(status);
for (const link of document.querySelectorAll("a.headerlink")) {
  link.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(link.href); } catch { return; }
    status.textContent = "已复制本条的链接";
    setTimeout(() => (status.textContent = ""), 2000);
  });
}

/* One box tells about what is pointed at, focused or tapped. */
const box = made("div", { role: "tooltip", id: "about", className: "about", hidden: true });
const hide = () => (box.hidden = true);
const tell = (mark, lines) => {
  box.replaceChildren(...lines.filter(Boolean).map((line) => made("p", { textContent: line })));
  box.hidden = false;
  const { left, bottom } = mark.getBoundingClientRect();
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8)) + scrollX}px`;
  box.style.top = `${bottom + scrollY + 6}px`;
};
const explain = (mark, about) => {
  mark.setAttribute("aria-describedby", box.id);
  const open = async () => tell(mark, await about());
  for (const name of ["pointerenter", "focus", "click"]) mark.addEventListener(name, open);
  for (const name of ["pointerleave", "blur"]) mark.addEventListener(name, hide);
};

let known;
const promises = () =>
  (known ??= fetch(new URL("../promises.json", import.meta.url)).then((answer) => answer.json()));
const figure = async ({ blank, title }) => {
  const found = (await promises().catch(() => ({ promises: [] }))).promises.find((each) => each.blank === blank);
  if (!found) return [title];
  const { label, starts, ends, calendar } = found;
  return [label, starts && `从${starts}起，到${ends}止`, calendar && `按${calendar}计算`, title];
};

/* Defined terms: “X”，是指…… ; the first time in each section it leads to its definition. */
const terms = () => {
  const found = new Map();
  for (const item of article.querySelectorAll(".clauses > li[id]")) {
    const [, term] = item.textContent.match(/“([^“”]{2,12})”，是指/) ?? [];
    if (term && !found.has(term)) found.set(term, item);
  }
  return found;
};
const marked = (found) => {
  const any = new RegExp([...found.keys()].sort((a, b) => b.length - a.length).join("|"));
  let seen = new Set();
  for (const part of article.children) {
    if (part.matches("h2")) seen = new Set();
    const walker = document.createTreeWalker(part.matches(".clauses") ? part : made("i", {}), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
      const term = node.data.match(any)?.[0];
      const home = found.get(term);
      if (!home || seen.has(term) || home.contains(node) || node.parentElement.closest("a, data")) continue;
      seen.add(term);
      const rest = node.splitText(node.data.indexOf(term));
      rest.splitText(term.length);
      const link = made("a", { className: "term", href: `#${home.id}`, textContent: term });
      rest.replaceWith(link);
      explain(link, () => [home.textContent.replace(/^\s*\S+\s+/, "")]);
      walker.currentNode = link.lastChild;
    }
  }
};

if (article) {
  document.body.append(box);
  addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  const found = terms();
  if (found.size) marked(found);
  for (const mark of article.querySelectorAll(".clauses data.blank")) {
    const about = { blank: mark.dataset.blank, title: mark.title };
    mark.removeAttribute("title");
    mark.tabIndex = 0;
    explain(mark, () => figure(about));
  }
}
