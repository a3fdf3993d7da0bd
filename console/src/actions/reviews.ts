/** What people say about messages: given, taken back, and heard from others. The last word wins, but never unseen. */

import type { Api } from "../api/client.ts";
import type { Feedback, FeedbackChange, FeedbackMark, NewFeedback } from "../api/types.ts";
import { eachOf } from "./each.ts";

/** A message, and what is known of its feedback. */
export interface Target {
  readonly message_id: string;
  readonly feedback: FeedbackMark | null;
}

/** What was done to one message, and what stood there before. */
export interface Given {
  readonly message_id: string;
  readonly before: FeedbackMark | null;
  readonly mine: Feedback | null;
}

export interface Outcome {
  readonly done: readonly Given[];
  readonly failed: readonly { readonly message_id: string; readonly error: unknown }[];
}

/** Somebody else spoke about a message that this person has judged or is looking at. */
export interface Contradiction {
  readonly message_id: string;
  readonly theirs: FeedbackMark | null;
  /** Whose word stands. */
  readonly stands: "theirs" | "mine";
}

type FeedbackApi = Pick<Api, "feedback" | "giveFeedback" | "withdrawFeedback">;

export class Reviews {
  /** The moment of this person's own last word on a message; null, if it was taken back. */
  private readonly mine = new Map<string, string | null>();
  /** The moment of the last change of each message that is known: what is sent once more comes late. */
  private readonly last = new Map<string, string>();
  /** Messages whose answer is on its way, and what was heard of them meanwhile. */
  private readonly pending = new Map<string, FeedbackChange[]>();

  constructor(
    private readonly api: FeedbackApi,
    /** Told what holds from now on. */
    private readonly changed: (changes: readonly FeedbackChange[]) => void,
    private readonly contradicted: (contradictions: readonly Contradiction[]) => void,
    private readonly watched: (messageId: string) => boolean,
  ) {}

  /** Whether an answer about a message is on its way. */
  busy(messageId: string): boolean {
    return this.pending.has(messageId);
  }

  /** Say the same about some messages. */
  give(targets: readonly Target[], feedback: NewFeedback, progress: (done: number) => void = () => {}): Promise<Outcome> {
    return this.all(targets, (target) => this.api.giveFeedback(target.message_id, feedback), progress);
  }

  /** Take back what was said about some messages. */
  withdraw(targets: readonly Target[]): Promise<Outcome> {
    return this.all(targets, async (target) => {
      await this.api.withdrawFeedback(target.message_id);
      if (target.feedback) this.note(target.message_id, target.feedback.given_at);
      return null;
    });
  }

  /**
   * Put back what stood before. Where somebody else has spoken since, their word is left alone.
   *
   * @returns how many messages were put back
   */
  async undo(done: readonly Given[]): Promise<number> {
    const { results } = await eachOf(done, (given) => this.restore(given));
    return results.filter(Boolean).length;
  }

  /** Take in what the live feed says. */
  heard(changes: readonly FeedbackChange[]): void {
    const now = changes.filter((change) => {
      const waiting = this.pending.get(change.message_id);
      waiting?.push(change);
      return waiting === undefined;
    });
    this.take(now);
  }

  private async restore({ message_id, before, mine }: Given): Promise<boolean> {
    const { current, history } = await this.api.feedback(message_id);
    if ((current?.given_at ?? null) !== (mine?.given_at ?? null)) return false;
    const whole = before === null ? null : (history.find((entry) => entry.given_at === before.given_at) ?? before);
    const target = { message_id, feedback: mine };
    const { failed } = whole === null ? await this.withdraw([target]) : await this.give([target], pick(whole));
    return failed.length === 0;
  }

  private async all(targets: readonly Target[], call: (target: Target) => Promise<Feedback | null>, progress: (done: number) => void = () => {}): Promise<Outcome> {
    const { results, errors } = await eachOf(
      targets,
      async (target): Promise<Given> => {
        const mine = await this.one(target.message_id, () => call(target));
        return { message_id: target.message_id, before: target.feedback, mine };
      },
      progress,
    );
    const done = results.filter((given) => given !== undefined);
    return { done, failed: errors.map(([target, error]) => ({ message_id: target.message_id, error })) };
  }

  /** Call, and meanwhile keep what the live feed says: it may bring this very answer. */
  private async one(id: string, call: () => Promise<Feedback | null>): Promise<Feedback | null> {
    this.pending.set(id, this.pending.get(id) ?? []);
    try {
      const mine = await call();
      this.mine.set(id, mine?.given_at ?? null);
      this.changed([{ message_id: id, feedback: mine, changed_at: mine?.given_at ?? null }]);
      return mine;
    } finally {
      const heard = this.pending.get(id) ?? [];
      this.pending.delete(id);
      this.take(heard);
    }
  }

  private take(changes: readonly FeedbackChange[]): void {
    const news = changes.filter((change) => this.isLatest(change));
    if (news.length > 0) this.changed(news);
    const found = news.flatMap(({ message_id, feedback, changed_at }): Contradiction[] => {
      const mine = this.mine.get(message_id);
      if (mine === (feedback?.given_at ?? null)) return [];
      if (mine === undefined && !this.watched(message_id)) return [];
      const earlier = typeof mine === "string" && changed_at !== null && changed_at < mine;
      return [{ message_id, theirs: feedback, stands: earlier ? "mine" : "theirs" }];
    });
    if (found.length > 0) this.contradicted(found);
  }

  private isLatest({ message_id, changed_at }: FeedbackChange): boolean {
    return changed_at === null || this.note(message_id, changed_at);
  }

  /** Keep the moment of a change, if it is later than the one that is known. Returns whether it is. */
  private note(id: string, moment: string): boolean {
    if (moment <= (this.last.get(id) ?? "")) return false;
    this.last.set(id, moment);
    return true;
  }
}

/** Keep what may be sent. */
function pick(feedback: FeedbackMark & Partial<Feedback>): NewFeedback {
  const { verdict, category, note = null, learn } = feedback;
  return { verdict, category, note, ...(learn === undefined ? {} : { learn }) };
}
