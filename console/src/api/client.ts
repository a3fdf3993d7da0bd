/** The REST API, one method a call. */

import { ApiError, toApiError } from "./problem.ts";
import type {
  Analysis,
  Health,
  ListName,
  Message,
  MessageQuery,
  ModelList,
  NewMessage,
  Page,
  SenderEntry,
  Stats,
  Ticket,
} from "./types.ts";

const PATIENCE_MS = 30_000; // as long as the gateway lets a call take

type Query = Readonly<Record<string, string | number | undefined>>;

export class Api {
  /**
   * @param base where the API lies; ends in `/`
   * @param key the key to send, if there is one
   * @param onKeyRefused told when a call is refused for its key
   */
  constructor(
    private readonly base: URL,
    private readonly key: () => string | null,
    private readonly onKeyRefused: (error: ApiError) => void,
  ) {}

  messages(query: MessageQuery, signal?: AbortSignal): Promise<Page<Message>> {
    return this.call("GET", this.url("messages", { ...query }), { signal });
  }

  message(id: string, signal?: AbortSignal): Promise<Message> {
    return this.call("GET", this.url(`messages/${encodeURIComponent(id)}`), { signal });
  }

  stats(range: { from?: string; to?: string }, signal?: AbortSignal): Promise<Stats> {
    return this.call("GET", this.url("stats", range), { signal });
  }

  analyze(message: NewMessage): Promise<Analysis> {
    return this.call("POST", this.url("analyze"), { body: message });
  }

  senders(query: { list?: ListName; limit?: number; cursor?: string }, signal?: AbortSignal): Promise<Page<SenderEntry>> {
    return this.call("GET", this.url("senders", query), { signal });
  }

  /** Return a sender's entry, or null if it is on no list. */
  async sender(phoneNumber: string, signal?: AbortSignal): Promise<SenderEntry | null> {
    try {
      return await this.call("GET", this.senderUrl(phoneNumber), { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  putSender(phoneNumber: string, entry: { list: ListName; reason: string; expires_at?: string }): Promise<SenderEntry> {
    return this.call("PUT", this.senderUrl(phoneNumber), { body: entry });
  }

  removeSender(phoneNumber: string): Promise<void> {
    return this.call("DELETE", this.senderUrl(phoneNumber));
  }

  models(signal?: AbortSignal): Promise<ModelList> {
    return this.call("GET", this.url("models"), { signal });
  }

  promote(version: string): Promise<{ champion: string; previous: string }> {
    return this.call("POST", this.url(`models/${encodeURIComponent(version)}/promote`));
  }

  /** Unhealthy is an answer too, not an error. */
  health(signal?: AbortSignal): Promise<Health> {
    return this.call("GET", this.url("health"), { signal, alsoTake: 503 });
  }

  ticket(): Promise<Ticket> {
    return this.call("POST", this.url("dashboard/ticket"));
  }

  private senderUrl(phoneNumber: string): URL {
    return this.url(`senders/${encodeURIComponent(phoneNumber)}`);
  }

  private url(path: string, query: Query = {}): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }

  private async call<Answer>(
    method: string,
    url: URL,
    { body, signal, alsoTake }: { body?: unknown; signal?: AbortSignal | undefined; alsoTake?: number } = {},
  ): Promise<Answer> {
    const headers = new Headers({ Accept: "application/json" });
    const key = this.key();
    if (key !== null) headers.set("X-API-KEY", key);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    const patience = AbortSignal.timeout(PATIENCE_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
        cache: "no-store",
        credentials: "omit",
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, "network", "No answer came.");
    }
    if (response.ok || response.status === alsoTake) return (text ? JSON.parse(text) : undefined) as Answer;
    const error = toApiError(response.status, text, response.headers.get("Retry-After"));
    if (error.refusesKey) this.onKeyRefused(error);
    throw error;
  }
}
