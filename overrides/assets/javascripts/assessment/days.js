/* Counting days and months, the same as guide/days.py. In and out: days as "YYYY-MM-DD".
   Days are numbers and text here, never Date objects, so no time zone can move them. */

const pad = (number, width) => String(number).padStart(width, "0");
const leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year, month) => (month === 2 ? (leap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
const write = (year, month, day) => {
  if (year > 9999) throw new RangeError("after the year 9999");
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
};

/** [year, month, day]; throws RangeError for anything that is not a day of the calendar. */
export function readDay(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const [year, month, day] = found ? found.slice(1).map(Number) : [0, 0, 0];
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) throw new RangeError(`day: ${text}`);
  return [year, month, day];
}

/** `text` plus `months` (not negative); where the day does not exist, the last day of the month. Add to the starting
    day only: adding in steps would lose the 31st. */
export function addMonths(text, months) {
  const [year, month, day] = readDay(text);
  const index = year * 12 + (month - 1) + months;
  const [toYear, toMonth] = [Math.floor(index / 12), (index % 12) + 1];
  return write(toYear, toMonth, Math.min(day, daysIn(toYear, toMonth)));
}

/** Days since 1 January of the year 1, so that differences are ages. */
export function dayNumber(text) {
  const [year, month, day] = readDay(text);
  const past = year - 1;
  let days = past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) + day - 1;
  for (let before = 1; before < month; before += 1) days += daysIn(year, before);
  return days;
}

/** `text` plus `days` (not negative). */
export function addDays(text, days) {
  let [year, month, day] = readDay(text);
  for (day += days; day > daysIn(year, month); ) {
    day -= daysIn(year, month);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  return write(year, month, day);
}
