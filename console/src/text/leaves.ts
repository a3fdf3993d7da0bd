/** Flattens nested values into lines: `gate.recall` and its number. */

export interface Leaf {
  readonly path: string;
  readonly value: number | string;
}

export function leaves(value: unknown, path = ""): Leaf[] {
  if (typeof value === "number" || typeof value === "string") return [{ path, value }];
  if (typeof value === "boolean") return [{ path, value: value ? "yes" : "no" }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, path === "" ? name : `${path}.${name}`));
}
