/** The shapes of everything about model versions. */

import type { Level } from "./types.ts";

export interface ModelVersion {
  readonly version: string;
  readonly aliases: readonly string[];
  readonly status: string;
  readonly refusal?: string | null;
  readonly parent: string | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly reason: string;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

export type ChallengerMode = "shadow" | "live";

/** A version that judges beside the champion: in silence, or for real what a share of the senders sends. */
export interface Challenger {
  readonly version: string;
  readonly mode: ChallengerMode;
  /** 0 to 100. */
  readonly percent: number;
}

export interface ModelList {
  readonly items: readonly ModelVersion[];
  readonly champion: string;
  readonly previous: string | null;
  readonly challenger: Challenger | null;
}

export interface Comparison {
  readonly champion: string;
  readonly challenger: string | null;
  readonly messages: number;
  /** Share of messages that both put on the same level, or null if there were none. */
  readonly agreement: number | null;
  readonly flips: readonly { readonly champion_level: Level; readonly challenger_level: Level; readonly messages: number }[];
  readonly judged: { readonly messages: number; readonly champion_right: number; readonly challenger_right: number };
}

/** How far the verdicts of now are from those that the champion gave when it was new. */
export interface Drift {
  readonly champion: string;
  readonly promoted_at: string | null;
  readonly now: Stretch;
  readonly then: Stretch;
  /** The index from which a shift is moderate, and significant. */
  readonly bands: { readonly moderate: number; readonly significant: number };
  readonly items: readonly {
    readonly name: string;
    /** Population stability index. */
    readonly psi: number;
    readonly band: "none" | "moderate" | "significant" | "too_few";
    /** Shares by bucket. */
    readonly now: Readonly<Record<string, number>>;
    readonly then: Readonly<Record<string, number>>;
  }[];
}

export interface Stretch {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
}

export interface AuditEntry {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly version: string;
  readonly detail: string;
}

export type JobStatus = "queued" | "running" | "success" | "refused" | "failed";

export interface RetrainJob {
  readonly job_id: string;
  readonly status: JobStatus;
  /** 0 to 1. */
  readonly progress: number;
  readonly stage: string;
  readonly created_at: string;
  readonly reason?: string | null;
  readonly model_version?: string | null;
  readonly error?: { readonly code: string; readonly detail: string } | null;
}

export function isOver(job: Pick<RetrainJob, "status">): boolean {
  return job.status !== "queued" && job.status !== "running";
}
