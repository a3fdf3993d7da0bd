/** Messages over time, stacked by level. */

import { LEVELS } from "../api/types.ts";
import { formatCount, formatDay, formatHour, formatWeekday } from "../format.ts";
import type { RangeName } from "../state/ranges.ts";
import type { Bucket } from "../state/tally.ts";
import type { BarConfiguration } from "./canvas.ts";
import { FONT, type Palette } from "./palette.ts";

export interface Trend {
  readonly range: RangeName;
  readonly buckets: readonly Bucket[];
}

export function trendChart({ range, buckets }: Trend, palette: Palette): BarConfiguration {
  return {
    type: "bar",
    data: {
      labels: buckets.map((bucket) => axisLabel(range, bucket.start)),
      datasets: LEVELS.map((level) => ({
        label: level,
        data: buckets.map((bucket) => bucket.by_level[level]),
        backgroundColor: palette.level[level],
        borderColor: palette.surface,
        borderWidth: { top: 1 },
        borderSkipped: false,
        borderRadius: 2,
        stack: "level",
        categoryPercentage: 0.9,
        barPercentage: 0.86,
        maxBarThickness: 36,
      })),
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
          ticks: { color: palette.quiet, font: { family: FONT, size: 11 }, maxRotation: 0, autoSkip: true, autoSkipPadding: 18 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          border: { display: false },
          grid: { color: palette.line, drawTicks: false },
          ticks: { color: palette.quiet, font: { family: FONT, size: 11 }, padding: 8, precision: 0, maxTicksLimit: 5, callback: (value) => formatCount(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          backgroundColor: palette.ink,
          titleColor: palette.surface,
          bodyColor: palette.surface,
          titleFont: { family: FONT, size: 12, weight: 600 },
          bodyFont: { family: FONT, size: 12 },
          padding: 10,
          cornerRadius: 6,
          boxWidth: 8,
          boxHeight: 8,
          boxPadding: 6,
          itemSort: (a, b) => b.datasetIndex - a.datasetIndex,
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

function axisLabel(range: RangeName, start: Date): string {
  if (range === "30d") return formatDay(start);
  if (range === "7d") return formatWeekday(start);
  return formatHour(start);
}

function bucketTitle(range: RangeName, start: Date): string {
  return range === "30d" ? formatDay(start) : `${formatDay(start)}, ${formatHour(start)}`;
}
