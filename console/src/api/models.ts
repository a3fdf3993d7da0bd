/** The shapes of everything about model versions. */

import type { Level } from "./types.ts";

export interface ModelVersion {
  readonly version: string;
  readonly aliases: readonly string[];
  readonly status: string;
  readonly parent: string | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly reason: string;
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}

export type ChallengerMode = "shadow" | "live";

/** A version that judges beside the champion: in silence, or a share of the messages for real. */
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

export interface AuditEntry {
  readonly at: string;
  readonly by: string;
  readonly action: string;
  readonly version: string | null;
  readonly detail: unknown;
}

export type JobStatus = "queued" | "running" | "success" | "refused" | "failed";

export interface RetrainJob {
  readonly job_id: string;
  readonly status: JobStatus;
  /** 0 to 1. */
  readonly progress: number | null;
  readonly stage: string | null;
  readonly reason?: string | null;
  readonly model_version?: string | null;
  readonly created_at?: string;
}

export function isOver(job: Pick<RetrainJob, "status">): boolean {
  return job.status !== "queued" && job.status !== "running";
}
