/** What waits for people right now: messages to review, alerts to acknowledge. */

import type { Stats } from "../api/types.ts";

const EVERY_MS = 60_000;
const SETTLE_MS = 1_500;
/** The page that is opened comes first, and may bring the numbers by itself. */
const FIRST_MS = 400;

export interface Waiting {
  readonly review: number;
  readonly oldestAt: string | null;
  readonly alerts: number;
}

export class Pulse {
  waiting: Waiting | null = null;
  private every: number | null = null;
  private soon: number | null = null;
  private asked = 0;

  constructor(
    private readonly read: () => Promise<Stats>,
    private readonly changed: () => void,
  ) {}

  start(): void {
    this.every = window.setInterval(() => void this.ask(), EVERY_MS);
    this.stir();
  }

  stop(): void {
    if (this.every !== null) clearInterval(this.every);
    if (this.soon !== null) clearTimeout(this.soon);
    this.every = this.soon = null;
  }

  /** Something has happened that changes the numbers: ask in a moment, once for all that happens until then. */
  stir(): void {
    if (this.every === null) return;
    this.soon ??= window.setTimeout(() => {
      this.soon = null;
      void this.ask();
    }, this.waiting === null ? FIRST_MS : SETTLE_MS);
  }

  /** Take the numbers from an answer that somebody else has read. */
  take({ review, alerts }: Partial<Pick<Stats, "review" | "alerts">>): void {
    this.waiting = { review: review?.waiting ?? 0, oldestAt: review?.oldest_at ?? null, alerts: alerts?.open ?? 0 };
    this.changed();
  }

  private async ask(): Promise<void> {
    const turn = ++this.asked;
    try {
      const stats = await this.read();
      if (turn === this.asked && this.every !== null) this.take(stats);
    } catch {
      // The connection's state tells that the API is away; the old numbers stay until it is back.
    }
  }
}
