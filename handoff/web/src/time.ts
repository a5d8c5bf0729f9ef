import { language } from "./language";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

function format(options: Intl.DateTimeFormatOptions): (iso: string | number) => string {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (iso) => {
    const locale = language.value === "de" ? "de-DE" : "en-GB";
    let formatter = made.get(locale);
    if (!formatter) made.set(locale, (formatter = new Intl.DateTimeFormat(locale, options)));
    return formatter.format(new Date(iso));
  };
}

/** "14:30" */
export const clockTime = format({ hour: "2-digit", minute: "2-digit" });
/** "Mo., 23. Nov." */
export const shortDay = format({ weekday: "short", day: "numeric", month: "short" });
/** "Montag, 23. November 2026" */
export const longDay = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
/** "23.11.26" */
export const shortDate = format({ day: "2-digit", month: "2-digit", year: "2-digit" });
/** "23.11.2026, 14:30:05" */
export const fullTime = format({ dateStyle: "medium", timeStyle: "medium" });

/** Whether two moments fall on one day where the reader is. */
export function sameDay(one: string | number, other: string | number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** Today "14:30", else "Mo., 23. Nov., 14:30". */
export function moment(iso: string, now: number): string {
  return sameDay(iso, now) ? clockTime(iso) : `${shortDay(iso)}, ${clockTime(iso)}`;
}

/** A length of time in one or two parts: "40 Sek.", "4 Min.", "1 Std. 20 Min.", "3 Tage". */
export function duration(milliseconds: number): string {
  const length = Math.max(0, milliseconds);
  if (length < minute) return unit(Math.floor(length / 1000), "second");
  if (length < hour) return unit(Math.floor(length / minute), "minute");
  if (length < day) {
    const minutes = Math.floor((length % hour) / minute);
    const hours = unit(Math.floor(length / hour), "hour");
    return minutes ? `${hours} ${unit(minutes, "minute")}` : hours;
  }
  return unit(Math.floor(length / day), "day");
}

function unit(value: number, name: "second" | "minute" | "hour" | "day"): string {
  return value.toLocaleString(language.value, { style: "unit", unit: name, unitDisplay: "short" });
}

/** "1,4 MB" */
export function fileSize(bytes: number): string {
  const [value, name] =
    bytes < 1000 ? [bytes, "byte"] : bytes < 1e6 ? [bytes / 1e3, "kilobyte"] : [bytes / 1e6, "megabyte"];
  return value.toLocaleString(language.value, {
    style: "unit",
    unit: name,
    unitDisplay: name === "byte" ? "long" : "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  });
}
