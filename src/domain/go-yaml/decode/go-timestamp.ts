// Dates and times of YAML 1.1 as go-yaml 2 knows them (resolve.go, parseTimestamp, over Go's time.Parse).

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
/** `T` or `t` with a zone, a space without. Only seconds may have a fraction; Go takes a comma for its point. */
const MOMENT =
  /^(\d{4}-\d{1,2}-\d{1,2})([Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?(Z|[-+]\d{2}:\d{2})?$/;
const LAST_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function isTimestamp(text: string): boolean {
  if (isDate(text)) return true;
  const [, date = "", separator = "", hour, minute, second, , zone] = MOMENT.exec(text) ?? [];
  const isWhole = separator.startsWith(" ") === (zone === undefined);
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  return isWhole && isTime && isZone(zone ?? "Z") && isDate(date);
}

function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const last = isLeap && month === 2 ? 29 : (LAST_DAYS[month - 1] ?? 0);
  return day >= 1 && day <= last;
}

/** Go's time.Parse takes hours up to 24 and minutes up to 60 in a zone. */
function isZone(zone: string): boolean {
  return zone === "Z" || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 60);
}
