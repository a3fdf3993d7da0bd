/** Exponential backoff with full jitter: after a fault, browsers do not all come back in the same moment. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;
const SHORTEST_MS = 200;

/**
 * @param attempt how many attempts have failed in a row, from 0
 * @param random a number from 0 to below 1
 * @returns milliseconds to wait
 */
export function backoff(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.max(SHORTEST_MS, Math.round(random * ceiling));
}
