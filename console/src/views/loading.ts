/** Something that is read from the API: the last answer, the last error, and never two requests at a time. */

import { explain } from "../api/problem.ts";

export class Loading<Value> {
  value: Value | null = null;
  error: string | null = null;
  busy = false;
  private abort: AbortController | null = null;

  constructor(private readonly changed: () => void) {}

  /** Read afresh. An answer that comes after a newer request is ignored. */
  async load(read: (signal: AbortSignal) => Promise<Value>): Promise<void> {
    this.abort?.abort();
    const abort = (this.abort = new AbortController());
    this.busy = true;
    this.error = null;
    this.changed();
    try {
      const value = await read(abort.signal);
      if (abort.signal.aborted) return;
      this.value = value;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.error = explain(error);
    }
    this.busy = false;
    this.changed();
  }

  /** Forget everything, and ignore what is on its way. */
  clear(): void {
    this.abort?.abort();
    this.value = null;
    this.error = null;
    this.busy = false;
  }
}
