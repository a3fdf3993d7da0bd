/** Where all new messages come together, each once, and from where they go to whoever shows them. */

import { ApiError } from "../api/problem.ts";
import type { FeedbackChange, Message, MessageQuery, Page, Summary } from "../api/types.ts";
import { summarize } from "../text/excerpt.ts";
import { missed } from "./resume.ts";
import { Seen } from "./seen.ts";
import { Words } from "./words.ts";

const LOOK_AGAIN_MS = 4_000;

export interface HubListener {
  /** New messages, newest first. */
  fresh(items: readonly Summary[]): void;
  /** People judged messages, or took it back. */
  judged(changes: readonly FeedbackChange[]): void;
  /** The line was cut and is whole again: what people said in between is not known. */
  resumed(): void;
  /** So much was missed that everything should be read afresh. */
  stale(): void;
}

export class Hub {
  private readonly seen = new Seen();
  private readonly words = new Words();
  private readonly listeners = new Set<HubListener>();
  private waiting: Summary[] = [];
  private newest: string | null = null;
  private primed = false;
  private resuming: Promise<void> | null = null;

  constructor(
    private readonly page: (query: MessageQuery) => Promise<Page<Message>>,
    /** Runs something before the next picture is drawn, so that bursts become one change. */
    private readonly schedule: (run: () => void) => void,
    private readonly setTimeout: (run: () => void, ms: number) => void,
  ) {}

  subscribe(listener: HubListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Learn where to go on from, and which messages are known already. */
  async prime(): Promise<void> {
    const { items } = await this.page({ limit: 50 });
    for (const item of items) this.note(item);
    this.primed = true;
  }

  /** Take messages in. Those that came before are dropped. */
  receive(items: readonly Summary[]): void {
    const fresh = items.filter((item) => this.note(item));
    if (fresh.length === 0) return;
    if (this.waiting.length === 0) this.schedule(() => this.flush());
    this.waiting.push(...fresh);
  }

  /** Tell everybody what people said about messages, and remember it for messages that are not shown yet. */
  judge(changes: readonly FeedbackChange[]): void {
    this.words.hear(changes);
    for (const listener of this.listeners) listener.judged(changes);
  }

  /** Make rows of messages that were read, with what people said since. */
  rowsOf(messages: readonly Message[]): readonly Summary[] {
    return this.words.writeInto(messages.map(summarize));
  }

  /** Catch up after a gap, and look once more a little later: the list trails the record by a moment. */
  async resume(): Promise<void> {
    await this.catchUp();
    for (const listener of this.listeners) listener.resumed();
    this.setTimeout(() => void this.catchUp(), LOOK_AGAIN_MS);
  }

  private catchUp(): Promise<void> {
    this.resuming ??= this.readMissed().finally(() => {
      this.resuming = null;
    });
    return this.resuming;
  }

  private async readMissed(): Promise<void> {
    try {
      if (!this.primed) {
        await this.startAfresh();
        return;
      }
      const found = await missed(this.newest, this.page);
      if (found.kind === "complete") {
        this.receive(found.messages.map(summarize));
      } else {
        await this.startAfresh();
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the next attempt to connect tries again
    }
  }

  private async startAfresh(): Promise<void> {
    await this.prime();
    for (const listener of this.listeners) listener.stale();
  }

  private note(item: { readonly message_id: string; readonly analyzed_at: string }): boolean {
    if (!this.seen.add(item.message_id)) return false;
    if (this.newest === null || item.analyzed_at > this.newest) this.newest = item.analyzed_at;
    return true;
  }

  private flush(): void {
    const items = this.words.writeInto(this.waiting.sort((a, b) => (a.message_id < b.message_id ? 1 : -1)));
    this.waiting = [];
    for (const listener of this.listeners) listener.fresh(items);
  }
}
