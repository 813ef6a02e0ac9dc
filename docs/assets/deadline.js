/* Counts as pledge/deadline.py does, which says why. A day is a number of days since 1970-01-01. */
const MIDNIGHT = 1440;

export const dayOf = (text) => Date.parse(`${text}T00:00:00Z`) / 86400000;
export const textOf = (day) => new Date(day * 86400000).toISOString().slice(0, 10);
const yearOf = (day) => new Date(day * 86400000).getUTCFullYear();
export const weekdayOf = (day) => (((day + 3) % 7) + 7) % 7; // Monday is 0

export class UnknownYear extends Error {
  constructor(year) {
    super(`${year}年的放假安排尚未公布`);
    this.year = year;
  }
}

/* For {years: [2026], off: ["2026-01-01"], worked: ["2026-01-04"]} */
export const calendar = ({ years, off, worked }) => {
  const [known, free, busy] = [new Set(years), new Set(off.map(dayOf)), new Set(worked.map(dayOf))];
  const isHoliday = (day) => {
    if (!known.has(yearOf(day))) throw new UnknownYear(yearOf(day));
    return free.has(day);
  };
  return { isHoliday, isWorking: (day) => !isHoliday(day) && (weekdayOf(day) < 5 || busy.has(day)) };
};

const worked = (start, count, days) => {
  const steps = [];
  let day = start;
  while (steps.length < count) if (days.isWorking(++day)) steps.push([day, 0, MIDNIGHT]);
  return { day, minute: MIDNIGHT, steps };
};

const later = (start, months) => {
  const date = new Date(start * 86400000);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return Date.UTC(year, month, Math.min(date.getUTCDate(), last)) / 86400000;
};

const moved = (last, days) => {
  let [day, unsure] = [last, 0];
  try {
    while (days.isHoliday(day)) day++;
  } catch (error) {
    if (!(error instanceof UnknownYear)) throw error;
    unsure = error.year;
  }
  return { day, minute: MIDNIGHT, steps: [], moved: day === last ? null : last, unsure };
};

const open = (day, hours, days) => {
  if (hours.butHolidays && days.isHoliday(day)) return [];
  const first = weekdayOf(day) * MIDNIGHT;
  return hours.spans
    .filter(([opens, closes]) => opens < first + MIDNIGHT && closes > first)
    .map(([opens, closes]) => [Math.max(opens - first, 0), Math.min(closes - first, MIDNIGHT)]);
};

const served = (start, since, { count, hours }, days) => {
  const steps = [];
  for (let [day, from, left] = [start, since, count]; ; day++, from = 0) {
    for (const [opens, closes] of open(day, hours, days)) {
      const begins = Math.max(opens, from);
      if (begins >= closes) continue;
      const ends = Math.min(closes, begins + left);
      steps.push([day, begins, ends]);
      left -= ends - begins;
      if (!left) return { day, minute: ends, steps };
    }
  }
};

/* When `time` ({family, count, hours}) that runs from `minute` of `day` ends; may throw UnknownYear. */
export const due = (day, minute, time, days) => {
  const none = { steps: [], moved: null, unsure: 0 };
  if (time.family === "minutes") {
    const end = minute + time.count;
    return { ...none, day: day + Math.floor(end / MIDNIGHT), minute: end % MIDNIGHT };
  }
  if (time.family === "service") return { ...none, ...served(day, minute, time, days) };
  if (time.family === "workdays") return { ...none, ...worked(day, time.count, days) };
  return moved(time.family === "days" ? day + time.count : later(day, time.count), days);
};
