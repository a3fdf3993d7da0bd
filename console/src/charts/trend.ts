/** Messages over time: stacked by level or by category, with the time before as a line. */

import { LEVELS } from "../api/types.ts";
import { categoryName } from "../categories.ts";
import { formatCount, formatDay, formatHour, formatWeekday } from "../format.ts";
import type { RangeName } from "../state/ranges.ts";
import type { Bucket } from "../state/tally.ts";
import type { BarConfiguration } from "./canvas.ts";
import type { Palette } from "./palette.ts";
import { ticks, tooltip } from "./tooltip.ts";

export interface Trend {
  readonly range: RangeName;
  readonly by: "level" | "category";
  readonly buckets: readonly Bucket[];
  /** Messages in each bucket of the time before, if there was one. */
  readonly before: readonly number[] | null;
  /** The categories to tell apart; all others are one. */
  readonly categories: readonly string[];
}

interface Layer {
  readonly label: string;
  readonly colour: string;
  readonly of: (bucket: Bucket) => number;
}

export function trendChart(trend: Trend, palette: Palette): BarConfiguration {
  const { range, buckets, before, by } = trend;
  const layers = by === "level" ? levelLayers(palette) : categoryLayers(trend, palette);
  const line = before === null || by !== "level" ? [] : [beforeLine(before, palette)];
  return {
    type: "bar",
    data: {
      labels: buckets.map((bucket) => axisLabel(range, bucket.start)),
      datasets: [
        ...line,
        ...layers.map(({ label, colour, of }) => ({
          type: "bar" as const,
          label,
          data: buckets.map(of),
          backgroundColor: colour,
          borderColor: palette.surface,
          borderWidth: { top: 1 },
          borderSkipped: false as const,
          borderRadius: 2,
          stack: "messages",
          categoryPercentage: 0.9,
          barPercentage: 0.86,
          maxBarThickness: 36,
        })),
      ],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: palette.line },
          ticks: { ...ticks(palette), maxRotation: 0, autoSkip: true, autoSkipPadding: 18 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          border: { display: false },
          grid: { color: palette.line, drawTicks: false },
          ticks: { ...ticks(palette), padding: 8, precision: 0, maxTicksLimit: 5, callback: (value) => formatCount(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          ...tooltip(palette),
          itemSort: (a, b) => b.datasetIndex - a.datasetIndex,
          filter: (item) => by === "level" || (item.parsed.y ?? 0) > 0,
          callbacks: {
            title: ([item]) => {
              const bucket = item && buckets[item.dataIndex];
              return bucket ? bucketTitle(range, bucket.start) : "";
            },
            label: (item) => ` ${item.dataset.label ?? ""}  ${formatCount(item.parsed.y ?? 0)}`,
          },
        },
      },
    },
  };
}

function levelLayers(palette: Palette): Layer[] {
  return LEVELS.map((level) => ({ label: level, colour: palette.level[level], of: (bucket) => bucket.by_level[level] }));
}

function categoryLayers({ categories }: Trend, palette: Palette): Layer[] {
  const apart = new Set(categories);
  const others = (bucket: Bucket) =>
    Object.entries(bucket.by_category).reduce((sum, [code, count]) => (apart.has(code) || code === "legitimate" ? sum : sum + count), 0);
  return [
    ...categories.map((code, index): Layer => ({ label: categoryName(code), colour: palette.series[index % palette.series.length] ?? palette.accent, of: (bucket) => bucket.by_category[code] ?? 0 })),
    { label: "Others", colour: palette.level.Low, of: others },
  ];
}

function beforeLine(before: readonly number[], palette: Palette) {
  return {
    type: "line" as const,
    label: "Time before",
    data: [...before],
    stack: "before",
    borderColor: palette.quiet,
    backgroundColor: palette.quiet,
    borderWidth: 1.5,
    borderDash: [4, 3],
    pointRadius: 0,
    pointHitRadius: 0,
    tension: 0.3,
  };
}

function axisLabel(range: RangeName, start: Date): string {
  if (range === "30d") return formatDay(start);
  if (range === "7d") return formatWeekday(start);
  return formatHour(start);
}

function bucketTitle(range: RangeName, start: Date): string {
  return range === "30d" ? formatDay(start) : `${formatDay(start)}, ${formatHour(start)}`;
}
