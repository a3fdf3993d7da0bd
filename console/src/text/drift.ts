/** Reads what the API says about drift. */

export interface DriftShare {
  readonly name: string;
  /** Shares of all messages, 0 to 1. */
  readonly before: number;
  readonly now: number;
}

export interface DriftPart {
  readonly name: string;
  /** Population stability index; null, if there is too little to measure. */
  readonly psi: number | null;
  readonly band: string | null;
  readonly shares: readonly DriftShare[];
}

export interface DriftReading {
  readonly since: string | null;
  readonly parts: readonly DriftPart[];
  /** What the bands mean. */
  readonly bands: string | null;
}

const NAMES: Readonly<Record<string, string>> = { score: "Scores", scores: "Scores", level: "Levels", levels: "Levels", category: "Categories", categories: "Categories" };

/** Read an answer of `/models/drift`. What it does not hold is left out. */
export function readDrift(answer: unknown): DriftReading {
  const whole = record(answer);
  const parts = Object.entries(whole).flatMap(([key, value]): DriftPart[] => {
    const name = NAMES[key];
    const part = record(value);
    if (name === undefined || !("psi" in part)) return [];
    return [{ name, psi: number(part["psi"]), band: text(part["band"]), shares: shares(part["before"], part["now"]) }];
  });
  return { since: text(whole["since"]) ?? text(whole["promoted_at"]), parts, bands: text(whole["bands"]) };
}

function shares(before: unknown, now: unknown): DriftShare[] {
  const [old, present] = [counts(before), counts(now)];
  const sum = (all: ReadonlyMap<string, number>) => [...all.values()].reduce((total, count) => total + count, 0) || 1;
  const [ofOld, ofPresent] = [sum(old), sum(present)];
  return [...new Set([...old.keys(), ...present.keys()])].map((name) => ({ name, before: (old.get(name) ?? 0) / ofOld, now: (present.get(name) ?? 0) / ofPresent }));
}

function counts(value: unknown): Map<string, number> {
  const entries = Array.isArray(value) ? value.map((count, index) => [`${index * 10}`, count] as const) : Object.entries(record(value));
  return new Map(entries.flatMap(([name, count]) => (typeof count === "number" ? [[name, count] as const] : [])));
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function number(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
