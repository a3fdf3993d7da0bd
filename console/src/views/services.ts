/** What views share. */

import type { Me } from "../api/access.ts";
import type { Api } from "../api/client.ts";
import type { Summary } from "../api/types.ts";
import type { TemplateResult } from "lit-html";
import type { Hub } from "../live/hub.ts";
import type { Pulse } from "../live/pulse.ts";
import type { PageName } from "../state/route.ts";
import type { Settings } from "../state/settings.ts";
import type { Judging } from "./judging.ts";
import type { NoteOptions } from "./toasts.ts";

export interface Services {
  readonly api: Api;
  readonly hub: Hub;
  readonly pulse: Pulse;
  readonly judging: Judging;
  settings(): Settings;
  /** Whose key this is; null until it is known. */
  me(): Me | null;
  /** Whether this key may change how everything works. */
  admin(): boolean;
  /** Something has changed that can be seen: draw again soon. */
  changed(): void;
  go(page: PageName, query?: URLSearchParams): void;
  /** Show a message's detail beside the page, or none. */
  open(messageId: string | null): void;
  opened(): string | null;
  /** Open the message after the open one, if the person likes that. */
  advance(messageId: string): void;
  /** Senders have come onto a list, or left one. */
  moved(numbers: readonly string[]): void;
  /** Grows when colours change. */
  theme(): number;
  notify(text: string, options?: NoteOptions): void;
  copy(text: string, what: string): void;
}

export interface View {
  readonly title: string;
  /** The page is shown, or its query has changed. */
  enter(query: URLSearchParams): void;
  leave(): void;
  /** It is known now that this is an admin's key. */
  known?(): void;
  render(): TemplateResult;
  /** The rows that the keyboard walks through. */
  rows?(): readonly Summary[];
  /** The rows that are chosen for something to be done with all of them. */
  chosen?(): readonly Summary[];
  /** A key that only this page knows. Returns whether it was one. */
  key?(event: KeyboardEvent): boolean;
}
