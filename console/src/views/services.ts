/** What views share. */

import type { Api } from "../api/client.ts";
import type { Summary } from "../api/types.ts";
import type { TemplateResult } from "lit-html";
import type { Hub } from "../live/hub.ts";
import type { PageName } from "../state/route.ts";
import type { Settings } from "../state/settings.ts";

export interface Services {
  readonly api: Api;
  readonly hub: Hub;
  settings(): Settings;
  /** Something has changed that can be seen: draw again soon. */
  changed(): void;
  go(page: PageName, query?: URLSearchParams): void;
  /** Show a message's detail beside the page, or none. */
  open(messageId: string | null): void;
  opened(): string | null;
  /** Grows when colours change. */
  theme(): number;
  notify(text: string, options?: { undo?: () => void; tone?: "plain" | "bad" }): void;
  copy(text: string, what: string): void;
}

export interface View {
  readonly title: string;
  /** The page is shown, or its query has changed. */
  enter(query: URLSearchParams): void;
  leave(): void;
  render(): TemplateResult;
  /** The rows that the keyboard walks through. */
  rows?(): readonly Summary[];
  /** A key that only this page knows. Returns whether it was one. */
  key?(event: KeyboardEvent): boolean;
}
