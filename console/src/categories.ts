/** The names of the categories, for where only codes are at hand. */

import names from "./categories.json";

const NAMES: Readonly<Record<string, string>> = names;

export const CATEGORY_CODES: readonly string[] = Object.keys(NAMES);

export function categoryName(code: string): string {
  return NAMES[code] ?? code;
}
