/** Sends calls: with the key, with patience for so long, and with errors that say what happened. */

import { ApiError, toApiError } from "./problem.ts";

const PATIENCE_MS = 30_000; // as long as the gateway lets a call take

export type Query = Readonly<Record<string, string | number | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  /** Sent as JSON; or as it is, if `type` says what it is. */
  readonly body?: unknown;
  readonly type?: string;
  readonly signal?: AbortSignal | undefined;
  /** A status that is an answer too, although it tells of trouble. */
  readonly alsoTake?: number;
}

export class Http {
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

  /** Call, and read the answer as JSON. */
  async json<Answer>(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { text } = await this.call(method, path, options);
    return (text ? JSON.parse(text) : undefined) as Answer;
  }

  /** Call, and take the answer as it is. */
  async call(method: string, path: string, { query = {}, body, type, signal, alsoTake }: CallOptions = {}): Promise<{ text: string; headers: Headers }> {
    const headers = new Headers({ Accept: "application/json, */*" });
    const key = this.key();
    if (key !== null) headers.set("X-API-KEY", key);
    if (body !== undefined) headers.set("Content-Type", type ?? "application/json");
    const patience = AbortSignal.timeout(PATIENCE_MS);
    let response: Response;
    let text: string;
    try {
      response = await fetch(this.url(path, query), {
        method,
        headers,
        body: body === undefined ? null : type === undefined ? JSON.stringify(body) : String(body),
        signal: signal ? AbortSignal.any([signal, patience]) : patience,
        cache: "no-store",
        credentials: "omit",
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError(0, "network", "No answer came.");
    }
    if (response.ok || response.status === alsoTake) return { text, headers: response.headers };
    const error = toApiError(response.status, text, response.headers.get("Retry-After"));
    if (error.refusesKey) this.onKeyRefused(error);
    throw error;
  }

  private url(path: string, query: Query): URL {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    return url;
  }
}

/** Write a path in which no part can reach out of its place. */
export function path(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: parts }, ...values.map(encodeURIComponent));
}
