/* 办理时限计算: from the table of times an answer for one moment. 1 words  2 calendar file  3 page */
import { calendar, dayOf, due, textOf, weekdayOf, UnknownYear } from "./deadline.js";

const section = document.querySelector(".clock");
const { days, hours } = JSON.parse(section.querySelector(".clock-days").textContent);
const known = calendar(days);
const [form, event, start] = [".clock-form", "select", "input"].map((name) => section.querySelector(name));
const answers = section.querySelector(".clock-answers");
const company = document.querySelector(".letterhead-name")?.textContent.trim() ?? "";

/* 1. Words */
const clock = (minute) =>
  minute === 1440 ? "24时" : `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, "0")}`;
const short = (day) => textOf(day).replace(/^\d+-0?(\d+)-0?(\d+)$/, "$1月$2日");
const long = (day) => `${textOf(day).slice(0, 4)}年${short(day)}（周${"一二三四五六日"[weekdayOf(day)]}）`;
const at = (day, minute) => long(day) + clock(minute);
const span = (minutes) =>
  `${Math.floor(minutes / 60)}小时${minutes % 60}分钟`.replace(/^0小时|(?<=\D)0分钟$/g, "");
const few = (parts) => (parts.length > 5 ? [...parts.slice(0, 3), "……", parts.at(-1)] : parts).join("，");
const later = ({ day, moved, unsure }) =>
  (moved === null ? "" : `${short(moved)}放假，顺延到放假结束的次日${short(day)}。`) +
  (unsure ? `${unsure}年的放假安排尚未公布；这一天如果放假，顺延到放假结束的次日。` : "");

/* How an end was counted from `minute` of `day`. */
const counting = {
  minutes: (day, minute, { count }) => `从${short(day)}${clock(minute)}起连续计算${span(count)}。`,
  service: (day, minute, time, { steps }) =>
    `只计服务时间（${hours.text}）：${few(
      steps.map(([on, from, to]) => `${short(on)}${clock(from)}至${clock(to)}计${span(to - from)}`),
    )}。`,
  workdays: (day, minute, time, { steps }) =>
    `${short(day)}不计入，${few(steps.map(([on], place) => `${short(on)}为第${place + 1}个工作日`))}。`,
  days: (day, minute, { count }, found) =>
    `${short(day)}不计入，${short(day + 1)}为第1日` +
    `${count > 1 ? `，第${count}日是${short(found.moved ?? found.day)}` : ""}。${later(found)}`,
  months: (day, minute, time, found) =>
    `${short(day)}不计入，到期月的最后一日是${long(found.moved ?? found.day)}。${later(found)}`,
};

/* What one row of the table comes to. */
const reckoned = (row, day, minute) => {
  const [label, amount, , ends] = [...row.cells].map((cell) => cell.textContent.trim());
  const { family, count, better } = row.querySelector("data").dataset;
  const time = { family, count: Number(count), hours };
  const about = { label, amount, ends, link: row.querySelector("a").href };
  about.until = better === "lower" ? "最迟" : "到";
  try {
    const found = due(day, minute, time, known);
    return { ...about, ...found, when: at(found.day, found.minute), how: counting[family](day, minute, time, found) };
  } catch (error) {
    if (!(error instanceof UnknownYear)) throw error;
    return { ...about, when: "算不出", how: `${error.message}，现在算不出是哪一天。安排公布后再来查。` };
  }
};

const told = ({ label, amount, ends, until, when, how, link }, day, minute) =>
  `${company}：${label}${amount}\n${at(day, minute)}，${event.value}\n${ends}：${until}${when}\n${how}\n条款：${link}`;

/* 2. RFC 5545: lines of at most 75 octets, ended by CRLF. */
const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
const folded = (line) => {
  let [made, size] = ["", 0];
  for (const sign of line) {
    const octets = new TextEncoder().encode(sign).length;
    if (size + octets > 75) [made, size] = [`${made}\r\n `, 1];
    [made, size] = [made + sign, size + octets];
  }
  return `${made}\r\n`;
};
const stamp = (day, minute) =>
  new Date((day * 1440 + minute - 480) * 60000).toISOString().replace(/[-:]|\.\d+/g, "");
const ics = (answer, text) => {
  const end = stamp(answer.day, answer.minute);
  return `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//pledge//deadlines//ZH
BEGIN:VEVENT
UID:${end}-${encodeURIComponent(answer.label)}
DTSTAMP:${end}
DTSTART:${end}
SUMMARY:${escaped(`${company}：${answer.label}到期`)}
DESCRIPTION:${escaped(text)}
URL:${answer.link}
END:VEVENT
END:VCALENDAR`
    .split("\n")
    .map(folded)
    .join("");
};

/* 3. The page */
const copy = async (button, area) => {
  try {
    await navigator.clipboard.writeText(area.value);
    button.textContent = "已复制";
  } catch {
    area.hidden = false; // to be taken by hand
    area.select();
  }
};

const card = (answer, text) => {
  const box = section.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`.due-${name}`);
  for (const name of ["label", "amount", "until", "when", "how"]) part(name).textContent = answer[name];
  part("what").textContent = `${answer.ends}。`;
  part("clause").href = answer.link;
  part("text").value = text;
  part("copy").addEventListener("click", () => copy(part("copy"), part("text")));
  if (answer.day === undefined) part("file").remove();
  else {
    const file = new Blob([ics(answer, text)], { type: "text/calendar" });
    Object.assign(part("file"), { href: URL.createObjectURL(file), download: `${answer.label}.ics` });
  }
  return box;
};

const tell = () => {
  for (const link of answers.querySelectorAll("[download]")) URL.revokeObjectURL(link.href);
  if (!start.value) return answers.replaceChildren();
  const [date, time] = start.value.split("T");
  const [day, minute] = [dayOf(date), Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))];
  const rows = [...section.querySelectorAll("tbody tr")].filter(
    (row) => row.cells[2].textContent === event.value && row.querySelector("[data-family]"),
  );
  const found = rows.map((row) => reckoned(row, day, minute));
  answers.replaceChildren(...found.map((answer) => card(answer, told(answer, day, minute))));
};

event.addEventListener("change", tell);
start.addEventListener("input", tell);
start.value = new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 16);
form.hidden = false;
section.querySelector("details").open = false;
tell();
