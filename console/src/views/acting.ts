/** Doing something that changes what the API holds: one thing at a time, with a word about how it went. */

import { explain } from "../api/problem.ts";
import type { Services } from "./services.ts";

export class Acting {
  busy = false;

  constructor(private readonly services: Pick<Services, "notify" | "changed">) {}

  /**
   * Do it. Returns whether it worked.
   *
   * @param done what to say then; a function may say it by the answer
   */
  async run<Answer>(call: () => Promise<Answer>, done: string | ((answer: Answer) => string), undo?: () => void): Promise<boolean> {
    if (this.busy) return false;
    this.busy = true;
    this.services.changed();
    let worked = true;
    try {
      const answer = await call();
      this.services.notify(typeof done === "string" ? done : done(answer), undo ? { undo } : {});
    } catch (error) {
      worked = false;
      this.services.notify(explain(error), { tone: "bad" });
    }
    this.busy = false;
    this.services.changed();
    return worked;
  }
}
