/** The shapes of keys, labels and the state of the system. */

import type { Verdict } from "./types.ts";

export const ROLES = ["client", "analyst", "admin"] as const;
export type Role = (typeof ROLES)[number];

export interface Me {
  readonly key_id: string;
  readonly name: string;
  readonly role: Role;
  readonly expires_at: string | null;
}

export interface Key {
  readonly key_id: string;
  readonly name: string;
  readonly role: Role;
  readonly plan: string | null;
  readonly status: "active" | "revoked" | "expired";
  readonly created_at: string;
  readonly expires_at: string | null;
  readonly last_used_at: string | null;
}

export interface NewKey {
  readonly name: string;
  readonly role: Role;
  readonly expires_at?: string;
}

/** The key itself is told once, when it is made. */
export type KeyWithSecret = Key & { readonly key: string };

export interface LabelSummary {
  readonly total: number;
  readonly by_label: Readonly<Partial<Record<Verdict, number>>>;
  readonly by_source: Readonly<Record<string, number>>;
}

export type LabelStatus = "accepted" | "unchanged" | "replaced" | "refused";

export interface ImportResult extends Readonly<Record<LabelStatus, number>> {
  readonly items: readonly { readonly line: number; readonly status: LabelStatus; readonly code?: string | null; readonly detail?: string | null }[];
}

export interface Queue {
  readonly name: string;
  readonly waiting: number;
  readonly in_flight: number;
  readonly dead: number;
}

export interface SystemState {
  readonly queues: readonly Queue[];
  /** The scores at which the levels begin. */
  readonly cutoffs: { readonly medium: number; readonly high: number; readonly critical: number };
  readonly model_version: string;
  readonly rules_version: string;
  readonly api_version: string;
}
