/** The REST API, one method a call. */

import type { ImportResult, Key, KeyWithSecret, LabelSummary, Me, NewKey, SystemState } from "./access.ts";
import type { Alert, AlertPolicy, Delivery, DeliveryQuery, Endpoint, EndpointChange, EndpointType, EndpointWithSecret } from "./alerts.ts";
import { path, type Http } from "./http.ts";
import type { AuditEntry, Challenger, Comparison, Drift, ModelList, ModelVersion, RetrainJob } from "./models.ts";
import { ApiError } from "./problem.ts";
import type {
  Analysis,
  Feedback,
  FeedbackHistory,
  Health,
  ListName,
  Message,
  MessageQuery,
  NewFeedback,
  NewMessage,
  Page,
  Retest,
  SenderEntry,
  Stats,
  Ticket,
} from "./types.ts";

export class Api {
  constructor(private readonly http: Http) {}

  // --- messages -----------------------------------------------------------------------------------------------------

  messages(query: MessageQuery, signal?: AbortSignal): Promise<Page<Message>> {
    return this.http.json("GET", "messages", { query: { ...query }, signal });
  }

  /** Look for a text. It travels in the body: what messages say does not belong into addresses. */
  search(text: string, query: MessageQuery, signal?: AbortSignal): Promise<Page<Message>> {
    return this.http.json("POST", "messages/search", { body: { ...query, text }, signal });
  }

  message(id: string, signal?: AbortSignal): Promise<Message> {
    return this.http.json("GET", path`messages/${id}`, { signal });
  }

  stats(range: { from?: string; to?: string }, signal?: AbortSignal): Promise<Stats> {
    return this.http.json("GET", "stats", { query: range, signal });
  }

  analyze(message: NewMessage): Promise<Analysis> {
    return this.http.json("POST", "analyze", { body: message });
  }

  retest(id: string, signal?: AbortSignal): Promise<Retest> {
    return this.http.json("POST", path`messages/${id}/retest`, { signal });
  }

  // --- feedback -----------------------------------------------------------------------------------------------------

  feedback(id: string, signal?: AbortSignal): Promise<FeedbackHistory> {
    return this.http.json("GET", path`messages/${id}/feedback`, { signal });
  }

  giveFeedback(id: string, feedback: NewFeedback): Promise<Feedback> {
    return this.http.json("PUT", path`messages/${id}/feedback`, { body: feedback });
  }

  withdrawFeedback(id: string): Promise<void> {
    return this.http.json("DELETE", path`messages/${id}/feedback`);
  }

  // --- senders ------------------------------------------------------------------------------------------------------

  senders(query: { list?: ListName; limit?: number; cursor?: string }, signal?: AbortSignal): Promise<Page<SenderEntry>> {
    return this.http.json("GET", "senders", { query, signal });
  }

  /** Return a sender's entry, or null if it is on no list. */
  async sender(phoneNumber: string, signal?: AbortSignal): Promise<SenderEntry | null> {
    try {
      return await this.http.json("GET", path`senders/${phoneNumber}`, { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  }

  putSender(phoneNumber: string, entry: { list: ListName; reason: string; expires_at?: string }): Promise<SenderEntry> {
    return this.http.json("PUT", path`senders/${phoneNumber}`, { body: entry });
  }

  removeSender(phoneNumber: string): Promise<void> {
    return this.http.json("DELETE", path`senders/${phoneNumber}`);
  }

  // --- models -------------------------------------------------------------------------------------------------------

  models(signal?: AbortSignal): Promise<ModelList> {
    return this.http.json("GET", "models", { signal });
  }

  model(version: string, signal?: AbortSignal): Promise<ModelVersion> {
    return this.http.json("GET", path`models/${version}`, { signal });
  }

  promote(version: string): Promise<unknown> {
    return this.http.json("POST", path`models/${version}/promote`);
  }

  rollBack(): Promise<unknown> {
    return this.http.json("POST", "models/rollback");
  }

  putChallenger(challenger: Challenger): Promise<unknown> {
    return this.http.json("PUT", "models/challenger", { body: challenger });
  }

  removeChallenger(): Promise<void> {
    return this.http.json("DELETE", "models/challenger");
  }

  compare(range: { from?: string; to?: string }, signal?: AbortSignal): Promise<Comparison> {
    return this.http.json("GET", "models/compare", { query: range, signal });
  }

  drift(days: number, signal?: AbortSignal): Promise<Drift> {
    return this.http.json("GET", "models/drift", { query: { days }, signal });
  }

  audit(query: { cursor?: string }, signal?: AbortSignal): Promise<Page<AuditEntry>> {
    return this.http.json("GET", "models/audit", { query, signal });
  }

  retrain(): Promise<Partial<RetrainJob>> {
    return this.http.json("POST", "retrain", { body: { use_labels: true } });
  }

  jobs(query: { cursor?: string }, signal?: AbortSignal): Promise<Page<RetrainJob>> {
    return this.http.json("GET", "retrain/jobs", { query, signal });
  }

  job(id: string, signal?: AbortSignal): Promise<RetrainJob> {
    return this.http.json("GET", path`retrain/jobs/${id}`, { signal });
  }

  // --- alerts -------------------------------------------------------------------------------------------------------

  alerts(query: { status?: Alert["status"]; cursor?: string }, signal?: AbortSignal): Promise<Page<Alert>> {
    return this.http.json("GET", "alerts", { query, signal });
  }

  acknowledge(alertId: string): Promise<Alert> {
    return this.http.json("POST", path`alerts/${alertId}/acknowledge`);
  }

  endpoints(signal?: AbortSignal): Promise<Page<Endpoint>> {
    return this.http.json("GET", "alerts/endpoints", { signal });
  }

  addEndpoint(endpoint: EndpointChange & { readonly type: EndpointType }): Promise<EndpointWithSecret> {
    return this.http.json("POST", "alerts/endpoints", { body: endpoint });
  }

  changeEndpoint(id: string, change: EndpointChange): Promise<Endpoint> {
    return this.http.json("PATCH", path`alerts/endpoints/${id}`, { body: change });
  }

  removeEndpoint(id: string): Promise<void> {
    return this.http.json("DELETE", path`alerts/endpoints/${id}`);
  }

  testEndpoint(id: string): Promise<unknown> {
    return this.http.json("POST", path`alerts/endpoints/${id}/test`);
  }

  rotateSecret(id: string): Promise<EndpointWithSecret> {
    return this.http.json("POST", path`alerts/endpoints/${id}/rotate`);
  }

  deliveries(query: DeliveryQuery, signal?: AbortSignal): Promise<Page<Delivery>> {
    return this.http.json("GET", "alerts/deliveries", { query: { ...query }, signal });
  }

  replay(deliveryId: string): Promise<unknown> {
    return this.http.json("POST", path`alerts/deliveries/${deliveryId}/replay`);
  }

  redrive(): Promise<{ moved: number }> {
    return this.http.json("POST", "alerts/dead-letters/redrive");
  }

  policy(signal?: AbortSignal): Promise<AlertPolicy> {
    return this.http.json("GET", "alerts/policy", { signal });
  }

  putPolicy(policy: AlertPolicy): Promise<AlertPolicy> {
    return this.http.json("PUT", "alerts/policy", { body: policy });
  }

  // --- keys, labels, system -----------------------------------------------------------------------------------------

  me(signal?: AbortSignal): Promise<Me> {
    return this.http.json("GET", "me", { signal });
  }

  keys(query: { cursor?: string }, signal?: AbortSignal): Promise<Page<Key>> {
    return this.http.json("GET", "keys", { query, signal });
  }

  addKey(key: NewKey): Promise<KeyWithSecret> {
    return this.http.json("POST", "keys", { body: key });
  }

  revokeKey(id: string): Promise<void> {
    return this.http.json("DELETE", path`keys/${id}`);
  }

  labels(signal?: AbortSignal): Promise<LabelSummary> {
    return this.http.json("GET", "labels/summary", { signal });
  }

  /** @param type `text/csv` or `application/x-ndjson` */
  importLabels(text: string, type: string): Promise<ImportResult> {
    return this.http.json("POST", "labels/import", { body: text, type });
  }

  /** Read all labels, part by part, as one file. */
  async exportLabels(format: "csv" | "jsonl"): Promise<string> {
    const parts: string[] = [];
    let cursor: string | null = null;
    do {
      const { text, headers } = await this.http.call("GET", "labels/export", { query: { format, ...(cursor === null ? {} : { cursor }) } });
      parts.push(text);
      cursor = headers.get("X-Next-Cursor");
    } while (cursor !== null);
    return parts.join("");
  }

  system(signal?: AbortSignal): Promise<SystemState> {
    return this.http.json("GET", "system", { signal });
  }

  /** Unhealthy is an answer too, not an error. */
  health(signal?: AbortSignal): Promise<Health> {
    return this.http.json("GET", "health", { signal, alsoTake: 503 });
  }

  ticket(): Promise<Ticket> {
    return this.http.json("POST", "dashboard/ticket");
  }
}
