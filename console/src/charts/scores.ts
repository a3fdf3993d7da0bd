/** How many messages had which score, in tens. */

import { formatCount } from "../format.ts";
import type { BarConfiguration } from "./canvas.ts";
import { FONT, type Palette } from "./palette.ts";

export function scoresChart(counts: readonly number[], palette: Palette): BarConfiguration {
  return {
    type: "bar",
    data: {
      labels: counts.map((_, decile) => (decile === 9 ? "90–100" : `${decile * 10}–${decile * 10 + 9}`)),
      datasets: [{ label: "Messages", data: [...counts], backgroundColor: palette.accent, borderRadius: 2, categoryPercentage: 1, barPercentage: 0.88, minBarLength: 1 }],
    },
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: palette.line },
          ticks: { color: palette.quiet, font: { family: FONT, size: 11 }, maxRotation: 0, callback: (_, index) => String(index * 10) },
        },
        y: { display: false, beginAtZero: true },
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
          displayColors: false,
          callbacks: { title: ([item]) => `Score ${item?.label ?? ""}`, label: (item) => formatCount(item.parsed.y ?? 0) },
        },
      },
    },
  };
}
