/* Large type, links that copy, figures and terms that explain themselves. Without it the text is whole. */
const each = (query, run) => document.querySelectorAll(query).forEach(run);
const [box, status] = [document.querySelector("#about"), document.querySelector(".copied")];

/* Large type; a line in the head applies what is remembered. */
each("button.large", (button) => {
  const root = document.documentElement.classList;
  const show = () => button.setAttribute("aria-pressed", root.contains("large"));
  button.addEventListener("click", () => {
    try {
      localStorage.setItem("large", root.toggle("large") ? "1" : "");
    } catch {} // private mode: for this page only
    show();
  });
  show();
  button.hidden = false;
});

/* Permalinks */
each("a.headerlink", (link) =>
  link.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.href);
    } catch {
      return;
    }
    status.textContent = "已复制本条的链接";
    setTimeout(() => (status.textContent = ""), 2000);
  }),
);

/* One box tells about what is pointed at, focused or tapped. */
const hide = () => (box.hidden = true);
const explain = (mark, about) => {
  const tell = async () => {
    box.innerText = (await about()).filter(Boolean).join("\n");
    box.hidden = false;
    const { left, bottom } = mark.getBoundingClientRect();
    box.style.left = `${Math.max(8, Math.min(left, innerWidth - box.offsetWidth - 8)) + scrollX}px`;
    box.style.top = `${bottom + scrollY + 6}px`;
  };
  mark.setAttribute("aria-describedby", "about");
  for (const name of ["pointerenter", "focus", "click"]) mark.addEventListener(name, tell);
  for (const name of ["pointerleave", "blur"]) mark.addEventListener(name, hide);
};
addEventListener("keydown", ({ key }) => key === "Escape" && hide());

/* Defined terms: “X”，是指……; the first time in each part it leads to its definition. */
const homes = new Map();
each(".pledge-document .clauses > li[id]", (item) => {
  const [, term] = item.textContent.match(/“([^“”]{2,12})”，是指/) ?? [];
  if (term && !homes.has(term)) homes.set(term, item);
});
const any = new RegExp([...homes.keys()].sort((one, other) => other.length - one.length).join("|") || "$^");
let seen;
each(".pledge-document :is(h2, article > .clauses)", (part) => {
  if (part.matches("h2")) return (seen = new Set());
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const [term] = node.data.match(any) ?? [];
    const home = homes.get(term);
    if (!home || seen.has(term) || home.contains(node) || node.parentElement.closest("a, data")) continue;
    seen.add(term);
    const word = node.splitText(node.data.indexOf(term));
    word.splitText(term.length);
    const link = Object.assign(document.createElement("a"), { className: "term", href: `#${home.id}` });
    word.replaceWith(link);
    link.append(word);
    explain(link, () => [home.textContent.trim().replace(/^\S+\s+|\s*¶$/g, "")]);
  }
});

/* Figures: what promises.json says of them. */
let known;
const promises = () => (known ??= fetch(new URL("../promises.json", import.meta.url)).then((file) => file.json()));
each(".pledge-document .clauses data.blank", (mark) => {
  const { title, dataset } = mark;
  mark.removeAttribute("title");
  mark.tabIndex = 0;
  explain(mark, async () => {
    const told = await promises().catch(() => ({ promises: [] }));
    const { label, starts, ends, calendar, hours } = told.promises.find(({ blank }) => blank === dataset.blank) ?? {};
    const clock = calendar && `计时方式：${calendar}${hours ? `（${hours}）` : ""}`;
    return [label, starts && `从${starts}起，到${ends}为止`, clock, title];
  });
});
