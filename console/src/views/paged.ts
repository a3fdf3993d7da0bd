/** A list that is read page by page. */

import { html, nothing, type TemplateResult } from "lit-html";
import type { Page } from "../api/types.ts";
import { Loading } from "./loading.ts";

/** Empty pages that are passed over before the person is asked whether to look further. */
const MOST_EMPTY_PAGES = 8;

export class Paged<Item> {
  private readonly page: Loading<Page<Item>>;

  constructor(
    changed: () => void,
    private readonly read: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>,
  ) {
    this.page = new Loading(changed);
  }

  /** Null, until something was read. */
  get items(): readonly Item[] | null {
    return this.page.value?.items ?? null;
  }

  get error(): string | null {
    return this.page.error;
  }

  get busy(): boolean {
    return this.page.busy;
  }

  clear(): void {
    this.page.clear();
  }

  /** Read from the beginning; what is shown stays until the answer is here. */
  load(): Promise<void> {
    return this.page.load((signal) => this.from({ items: [], next: null }, {}, signal));
  }

  /** A button that reads the next page, if there is one. */
  more(): TemplateResult | typeof nothing {
    const { value } = this.page;
    const next = value?.next ?? null;
    if (value === null || next === null) return nothing;
    return html`<div class="end">
      <button class="link" ?disabled=${this.page.busy} @click=${() => void this.page.load((signal) => this.from(value, { cursor: next }, signal))}>Show more</button>
    </div>`;
  }

  private async from(before: Page<Item>, cursor: { cursor?: string }, signal: AbortSignal): Promise<Page<Item>> {
    let page = await this.read(cursor, signal);
    for (let pages = 1; pages < MOST_EMPTY_PAGES && page.items.length === 0 && page.next !== null; pages += 1) {
      page = await this.read({ cursor: page.next }, signal);
    }
    return { items: [...before.items, ...page.items], next: page.next ?? null };
  }
}
