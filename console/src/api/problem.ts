/** What went wrong with a call, and how to say it. */

export class ApiError extends Error {
  override readonly name = "ApiError";
  /** 0 if no answer came at all. */
  readonly status: number;
  /** The API's stable word for this kind of error; `network` if no answer came. */
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterSeconds: number | null;

  constructor(
    status: number,
    code: string,
    detail: string,
    { requestId = null, retryAfterSeconds = null }: { requestId?: string | null; retryAfterSeconds?: number | null } = {},
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The key itself is not accepted, whatever it asks for. */
  get refusesKey(): boolean {
    return this.status === 401 || (this.status === 403 && this.code !== "role_forbidden");
  }
}

/** Read an error answer, whether or not it is a problem document. */
export function toApiError(status: number, body: string, retryAfter: string | null): ApiError {
  const problem = parse(body);
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ApiError(status, text(problem["code"]) ?? `http_${status}`, text(problem["detail"]) ?? `The API answered ${status}.`, {
    requestId: text(problem["request_id"]),
    retryAfterSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : null,
  });
}

/** Say what happened and what to do about it. */
export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return "Something went wrong in this page. Reload it.";
  if (error.code === "network") return "The API cannot be reached. Check the network; the page tries again by itself.";
  if (error.status === 401) return "The API did not accept the key. Sign in again with another one.";
  if (error.code === "role_forbidden") return "This key's role does not allow that. Use a key with a higher role.";
  if (error.status === 403) return "The API refused the key. It may be mistyped, revoked or expired.";
  if (error.code === "quota_exceeded") return "This key's quota is used up. Use another key, or wait until it is renewed.";
  if (error.status === 429) return "Too many calls with this key just now. Wait a moment, then try again.";
  if (error.status >= 500) return `The service has trouble: ${error.message}`;
  return error.message;
}

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
