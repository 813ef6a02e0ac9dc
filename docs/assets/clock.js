/* 办理时限计算: the table of times becomes an answer for one moment. Without this script the table stays.
   1. The words: how each end was counted.  2. A file for calendars (RFC 5545).  3. The page. */
import { calendar, dayOf, due, textOf, weekdayOf, UnknownYear } from "./deadline.js";

const section = document.querySelector(".clock");
const { days, hours } = JSON.parse(section.querySelector(".clock-days").textContent);
const known = calendar(days);
const form = section.querySelector(".clock-form");
const [event, start] = [form.querySelector("select"), form.querySelector("input")];
const answers = section.querySelector(".clock-answers");
const company = document.querySelector(".letterhead-name")?.textContent.trim() ?? "";

/* 1. Words */
const two = (number) => String(number).padStart(2, "0");
const clock = (minute) => (minute === 1440 ? "24时" : `${Math.floor(minute / 60)}:${two(minute % 60)}`);
const short = (day) => {
  const [, month, date] = textOf(day).split("-").map(Number);
  return `${month}月${date}日`;
};
const long = (day) => `${textOf(day).slice(0, 4)}年${short(day)}（周${"一二三四五六日"[weekdayOf(day)]}）`;
const span = (minutes) => {
  const [whole, rest] = [Math.floor(minutes / 60), minutes % 60];
  return (whole ? `${whole}小时` : "") + (rest ? `${rest}分钟` : "");
};
const few = (parts) => (parts.length > 5 ? [...parts.slice(0, 3), "……", parts.at(-1)] : parts).join("，");

const unsure = (found) =>
  found.unsure ? `${found.unsure}年的放假安排尚未公布；这一天如果放假，顺延到放假结束的次日。` : "";
const gaveWay = (found) =>
  found.moved === null ? "" : `${short(found.moved)}放假，顺延到放假结束的次日${short(found.day)}。`;

const counting = {
  minutes: (day, minute, time) => `从${short(day)}${clock(minute)}起连续计算${span(time.count)}。`,
  service: (day, minute, time, { steps }) => {
    const parts = steps.map(([at, from, to]) => `${short(at)}${clock(from)}至${clock(to)}计${span(to - from)}`);
    return `只计服务时间（${hours.text}）：${few(parts)}。`;
  },
  workdays: (day, minute, time, { steps }) => {
    const parts = steps.map(([at], place) => `${short(at)}为第${place + 1}个工作日`);
    return `${short(day)}不计入，${few(parts)}。`;
  },
  days: (day, minute, time, found) => {
    const last = found.moved ?? found.day;
    const ends = time.count > 1 ? `，第${time.count}日是${short(last)}` : "";
    return `${short(day)}不计入，${short(day + 1)}为第1日${ends}。${gaveWay(found)}${unsure(found)}`;
  },
  months: (day, minute, time, found) =>
    `${short(day)}不计入，到期月的最后一日是${long(found.moved ?? found.day)}。${gaveWay(found)}${unsure(found)}`,
};

/* What one row of the table comes to, from `minute` of `day`. */
const reckoned = (row, day, minute) => {
  const [link, { dataset }] = [row.querySelector("a"), row.querySelector("data")];
  const [label, amount, starts, ends] = [...row.cells].map((cell) => cell.textContent.trim());
  const time = { family: dataset.family, count: Number(dataset.count), hours };
  const about = { label, amount, starts, ends, link: link.href, ours: dataset.better === "lower" };
  try {
    const found = due(day, minute, time, known);
    return { ...about, ...found, how: counting[time.family](day, minute, time, found) };
  } catch (error) {
    if (!(error instanceof UnknownYear)) throw error;
    return { ...about, how: `${error.message}，现在算不出是哪一天。安排公布后再来查。` };
  }
};

const when = (each) => (each.day === undefined ? "算不出" : `${long(each.day)}${clock(each.minute)}`);
const told = (each, day, minute) =>
  [
    `${company}：${each.label}${each.amount}`,
    `${long(day)}${clock(minute)}，${each.starts}`,
    `${each.ends}：${each.ours ? "最迟" : "到"}${when(each)}`,
    each.how,
    `条款：${each.link}`,
  ].join("\n");

/* 2. Calendars: lines of at most 75 octets, ended by CRLF; an end at midnight is the next day's 0:00. */
const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
const folded = (line) => {
  let [made, size] = ["", 0];
  for (const sign of line) {
    const octets = new TextEncoder().encode(sign).length;
    if (size + octets > 75) [made, size] = [`${made}\r\n `, 1];
    [made, size] = [made + sign, size + octets];
  }
  return made;
};
const stamp = (day, minute) =>
  new Date((day * 1440 + minute - 480) * 60000).toISOString().replace(/[-:]|\.\d+/g, "");
const ics = (each, day, minute) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//pledge//deadlines//ZH",
    "BEGIN:VEVENT",
    `UID:${stamp(day, minute)}-${stamp(each.day, each.minute)}-${encodeURIComponent(each.label)}`,
    `DTSTAMP:${stamp(day, minute)}`,
    `DTSTART:${stamp(each.day, each.minute)}`,
    `SUMMARY:${escaped(`${company}：${each.label}到期`)}`,
    `DESCRIPTION:${escaped(told(each, day, minute))}`,
    `URL:${each.link}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ]
    .map(folded)
    .join("\r\n");

/* 3. The page */
const copy = async (button, area) => {
  try {
    await navigator.clipboard.writeText(area.value);
    button.textContent = "已复制";
  } catch {
    area.hidden = false; // a browser that refuses: the text can be taken by hand
    area.select();
  }
};

const card = (each, day, minute) => {
  const box = section.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => box.querySelector(`.due-${name}`);
  const words = { label: each.label, amount: each.amount, until: each.ours ? "最迟" : "到", day: when(each) };
  for (const [name, text] of Object.entries({ ...words, what: `${each.ends}。`, how: each.how })) {
    part(name).textContent = text;
  }
  part("clause").href = each.link;
  part("text").value = told(each, day, minute);
  part("copy").addEventListener("click", () => copy(part("copy"), part("text")));
  if (each.day === undefined) part("file").remove();
  else {
    const file = new Blob([ics(each, day, minute)], { type: "text/calendar" });
    Object.assign(part("file"), { href: URL.createObjectURL(file), download: `${each.label}.ics` });
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
  return answers.replaceChildren(...rows.map((row) => card(reckoned(row, day, minute), day, minute)));
};

event.addEventListener("change", tell);
start.addEventListener("input", tell);
start.value = new Date(Date.now() + 8 * 3600000).toISOString().slice(0, 16);
form.hidden = false;
section.querySelector("details").open = false;
tell();
