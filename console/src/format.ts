/** Numbers and moments as the viewer writes them. */

const whole = new Intl.NumberFormat();
const signedPercent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
const percent = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const signedPoints = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: "exceptZero" });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 4 });

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });
const hourAndMinute = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric" });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "long" });
const minute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const formatCount = (count: number): string => whole.format(count);
export const formatChange = (change: number): string => signedPercent.format(change);
export const formatPoints = (points: number): string => signedPoints.format(points);
export const formatShare = (share: number): string => percent.format(share);
export const formatDecimal = (value: number): string => decimal.format(value);

export const formatFull = (iso: string): string => full.format(new Date(iso));
export const formatMinute = (iso: string): string => minute.format(new Date(iso));
export const formatHour = (date: Date): string => hourAndMinute.format(date);
export const formatDay = (date: Date): string => day.format(date);
export const formatWeekday = (date: Date): string => weekday.format(date);

/** The time of today's messages, the day of older ones. */
export function formatWhen(iso: string, now: Date): { readonly main: string; readonly aside: string | null } {
  const date = new Date(iso);
  const today = date.toDateString() === now.toDateString();
  return today ? { main: clock.format(date), aside: null } : { main: hourAndMinute.format(date), aside: day.format(date) };
}

const ages = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
  ["s", 1],
] as const;

/** How long ago a moment is, in its two greatest units: “2 d 4 h”. */
export function formatAge(iso: string, now: Date): string {
  let rest = Math.max(0, Math.round((now.getTime() - Date.parse(iso)) / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of ages) {
    const count = Math.floor(rest / seconds);
    rest -= count * seconds;
    if (count > 0 || (unit === "s" && parts.length === 0)) parts.push(`${whole.format(count)} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.slice(0, 2).join(" ");
}
