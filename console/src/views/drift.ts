/** Whether messages are still like those of the time when the model began to serve. */

import { html, type TemplateResult } from "lit-html";
import type { Drift as Reading } from "../api/models.ts";
import { categoryName } from "../categories.ts";
import { formatCount, formatDecimal, formatMinute, formatShare } from "../format.ts";
import { cssValues } from "../ui/css-values.ts";
import { emptyState, errorState, skeleton } from "../ui/parts.ts";
import type { Part } from "./alerts.ts";
import { Loading } from "./loading.ts";
import type { Services } from "./services.ts";

const DAYS = [1, 7, 30] as const;
const MOST_BUCKETS = 10;

type Item = Reading["items"][number];

const NAMES: Readonly<Record<string, string>> = { score: "Scores", level: "Levels", category: "Categories", length: "Lengths" };
const BAND_WORDS: Readonly<Record<Item["band"], string>> = { none: "as before", moderate: "moved", significant: "far away", too_few: "too few messages" };

export class Drift implements Part {
  private days: number = 7;
  private readonly drift: Loading<Reading>;

  constructor(private readonly services: Services) {
    this.drift = new Loading(services.changed);
  }

  load(): void {
    void this.drift.load((signal) => this.services.api.drift(this.days, signal));
  }

  tools(): TemplateResult {
    return html`<div class="segments" role="group" aria-label="Days">
      ${DAYS.map((days) => html`<button aria-pressed=${days === this.days ? "true" : "false"} @click=${() => this.choose(days)}>${days} d</button>`)}
    </div>`;
  }

  render(): TemplateResult {
    const { value, error } = this.drift;
    if (error !== null && value === null) return errorState(error, () => this.load());
    if (value === null) return html`<section class="panel">${skeleton(6)}</section>`;
    if (value.now.messages === 0 && value.then.messages === 0) {
      return html`<section class="panel">${emptyState("models", "Nothing to measure yet", "Drift is measured once there are messages.")}</section>`;
    }
    const { now, then, bands } = value;
    return html`
      <p class="quiet page-note">
        ${formatCount(now.messages)} messages since ${formatMinute(now.from)} against ${formatCount(then.messages)} from ${formatMinute(then.from)} to ${formatMinute(then.to)}, when
        <code>${value.champion}</code> was new. The index says how far the shares moved: from ${formatDecimal(bands.moderate)} on they moved, from
        ${formatDecimal(bands.significant)} on they are far away.
      </p>
      <div class="panels even">${value.items.map((item) => shift(item))}</div>`;
  }

  private choose(days: number): void {
    this.days = days;
    this.load();
  }
}

function shift({ name, psi, band, now, then }: Item): TemplateResult {
  const most = Math.max(...Object.values(now), ...Object.values(then), 0) || 1;
  const buckets = Object.keys({ ...then, ...now })
    .map((bucket) => ({ bucket, before: then[bucket] ?? 0, after: now[bucket] ?? 0 }))
    .filter(({ before, after }) => before + after > 0);
  const shown = name === "category" ? buckets.sort((a, b) => b.before + b.after - a.before - a.after).slice(0, MOST_BUCKETS) : buckets;
  return html`<section class="panel">
    <header><h2>${NAMES[name] ?? name}</h2><span class="spacer"></span><span class="tag" data-band=${band}>${BAND_WORDS[band] ?? band}</span></header>
    <p class="card-number">${formatDecimal(psi)}</p>
    <p class="quiet">population stability index</p>
    <ol class="pairs">
      ${shown.map(
        ({ bucket, before, after }) => html`<li title="${formatShare(before)} before, ${formatShare(after)} now">
          <span>${bucketName(name, bucket)}</span>
          <span class="pair"><span class="pair-bar before" ${cssValues({ "--share": before / most })}></span><span class="pair-bar" ${cssValues({ "--share": after / most })}></span></span>
          <span class="visually-hidden">${formatShare(before)} before, ${formatShare(after)} now</span>
        </li>`,
      )}
    </ol>
  </section>`;
}

function bucketName(name: string, key: string): string {
  const bucket = key.replace(/^[a-z]+:/, "");
  return name === "category" ? categoryName(bucket) : name === "score" ? `${bucket}0 and up` : name === "length" ? `length ${Number(bucket) + 1}` : bucket;
}
