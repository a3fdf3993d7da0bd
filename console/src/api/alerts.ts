/** The shapes of everything about alerts. */

import type { Level } from "./types.ts";

export const ENDPOINT_TYPES = ["webhook", "slack", "teams", "discord", "pagerduty", "email", "smtp", "sms"] as const;
export type EndpointType = (typeof ENDPOINT_TYPES)[number];

export interface EndpointFilter {
  readonly min_level: Level | null;
  readonly levels?: readonly Level[] | null;
  readonly categories: readonly string[];
  readonly event_types: readonly string[];
}

export interface Endpoint {
  readonly endpoint_id: string;
  readonly name: string;
  readonly type: EndpointType;
  readonly status: "enabled" | "disabled";
  readonly disabled_reason: string | null;
  /** Where it delivers to; secret parts are hidden by the API. */
  readonly url?: string | null;
  readonly address?: string | null;
  readonly filter: EndpointFilter;
  readonly created_at: string;
  /** Its status is the answer's, or a word for why there was none. */
  readonly last_delivery: { readonly status: string; readonly at: string } | null;
}

export interface EndpointChange {
  readonly name?: string;
  readonly status?: Endpoint["status"];
  readonly url?: string;
  readonly address?: string;
  readonly sender?: string;
  readonly filter?: EndpointFilter;
}

/** What the API tells once, when an endpoint is made or its secret changed. */
export type EndpointWithSecret = Endpoint & { readonly secret?: string | null };

export const DELIVERY_STATUSES = ["delivered", "published", "waiting", "failed", "dead", "skipped"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export interface Delivery {
  readonly delivery_id: string;
  readonly endpoint_id: string;
  /** Null, if the endpoint was deleted. */
  readonly endpoint_name: string | null;
  readonly event_id: string;
  readonly event_type: string;
  readonly message_id: string | null;
  readonly attempts: readonly Attempt[];
  readonly status: DeliveryStatus;
  readonly status_code: number | null;
  readonly duration_ms: number | null;
  readonly response_excerpt: string | null;
  readonly at: string;
  readonly next_attempt_at: string | null;
}

export interface Attempt {
  readonly at: string;
  readonly number: number;
  readonly status: DeliveryStatus;
  readonly result: string;
  readonly duration_ms: number;
  readonly response_excerpt: string;
}

export interface DeliveryQuery {
  readonly endpoint?: string;
  readonly status?: DeliveryStatus;
  readonly message?: string;
  readonly cursor?: string;
}

export interface Alert {
  readonly alert_id: string;
  readonly group: string;
  readonly title: string;
  readonly risk_level: Level;
  readonly category_code: string;
  readonly phone_number: string | null;
  readonly first_at: string;
  readonly last_at: string;
  readonly messages: number;
  readonly notified: number;
  readonly status: "open" | "acknowledged";
  readonly acknowledged_by: string | null;
  readonly latest_message_id: string;
}

export const GROUPINGS = ["sender", "campaign", "rule"] as const;

export interface AlertPolicy {
  readonly min_level: Level;
  readonly group_by: (typeof GROUPINGS)[number];
  readonly cooldown_minutes: number;
  readonly quiet_hours: { readonly from: string; readonly to: string; readonly zone: string; readonly min_level: Level } | null;
  readonly digest_minutes: number | null;
}
