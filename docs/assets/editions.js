/* A banner of a coming edition goes on its day in China (UTC+8); a box names the edition of a day. */
(() => {
  const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
  for (const note of document.querySelectorAll("[data-coming]")) {
    if (note.dataset.coming <= today) (note.closest(".md-banner") || note).hidden = true;
  }

  const box = document.querySelector(".day-box");
  if (!box) return;
  const input = box.querySelector("input");
  const answer = box.querySelector("output");
  const rows = [...document.querySelectorAll("tr[data-from]")];

  const spoken = (day) => {
    const [year, month, date] = day.split("-").map(Number);
    return `${year}年${month}月${date}日`;
  };

  const reply = (day, row) => {
    if (!row) return [`${spoken(day)}还没有施行的版本。`];
    const number = document.createElement("strong");
    number.textContent = `${row.dataset.number}版`;
    const [, days, texts] = row.cells;
    const links = texts.firstElementChild.cloneNode(true).childNodes;
    return [`${spoken(day)}购买或者签订合同的，适用`, number, `（${days.textContent}）。全文：`, ...links];
  };

  const tell = () => {
    const day = input.value;
    const found = rows.find((row) => row.dataset.from <= day && (!row.dataset.to || day <= row.dataset.to));
    for (const row of rows) row.classList.toggle("found", Boolean(day) && row === found);
    answer.replaceChildren(...(day ? reply(day, found) : []));
  };

  input.addEventListener("input", tell);
  box.hidden = false;
  tell();
})();
