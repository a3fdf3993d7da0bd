/** How many messages had which score, in tens, and where the levels begin. */

import type { ChartType, Plugin } from "chart.js";
import { LEVELS, type Level } from "../api/types.ts";
import { formatCount } from "../format.ts";
import type { BarConfiguration } from "./canvas.ts";
import { FONT, type Palette } from "./palette.ts";
import { ticks, tooltip } from "./tooltip.ts";

/** The scores at which the levels above Low begin. */
export type Cutoffs = Readonly<Record<Exclude<Level, "Low">, number>>;

export const USUAL_CUTOFFS: Cutoffs = { Medium: 40, High: 70, Critical: 90 };

export function scoresChart({ counts, cutoffs }: { counts: readonly number[]; cutoffs: Cutoffs }, palette: Palette): BarConfiguration {
  const colour = (decile: number) => palette.level[levelAt(decile * 10, cutoffs)];
  return {
    type: "bar",
    data: {
      labels: counts.map((_, decile) => (decile === 9 ? "90–100" : `${decile * 10}–${decile * 10 + 9}`)),
      datasets: [
        {
          label: "Messages",
          data: [...counts],
          backgroundColor: counts.map((_, decile) => colour(decile)),
          borderRadius: 2,
          categoryPercentage: 1,
          barPercentage: 0.86,
          minBarLength: 1,
        },
      ],
    },
    plugins: [CUTOFF_LINES],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      layout: { padding: { top: 18 } },
      interaction: { mode: "index", intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: palette.line },
          ticks: { ...ticks(palette), maxRotation: 0, callback: (_, index) => String(index * 10) },
        },
        y: { display: false, beginAtZero: true },
      },
      plugins: {
        cutoffs: { scores: cutoffs, colour: palette.quiet },
        tooltip: {
          ...tooltip(palette),
          displayColors: false,
          callbacks: { title: ([item]) => `Score ${item?.label ?? ""}`, label: (item) => formatCount(item.parsed.y ?? 0) },
        },
      },
    },
  };
}

export function levelAt(score: number, cutoffs: Cutoffs): Level {
  return score >= cutoffs.Critical ? "Critical" : score >= cutoffs.High ? "High" : score >= cutoffs.Medium ? "Medium" : "Low";
}

interface CutoffOptions {
  readonly scores: Cutoffs;
  readonly colour: string;
}

declare module "chart.js" {
  interface PluginOptionsByType<TType extends ChartType> {
    cutoffs?: CutoffOptions;
  }
}

/** A line where each level begins, with the score written above it. */
const CUTOFF_LINES: Plugin<"bar" | "line", CutoffOptions> = {
  id: "cutoffs",
  afterDatasetsDraw: ({ ctx, chartArea: { left, right, top, bottom } }, _, { scores, colour }) => {
    ctx.save();
    ctx.font = `600 10px ${FONT}`;
    ctx.textAlign = "center";
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.setLineDash([3, 3]);
    for (const level of LEVELS) {
      if (level === "Low") continue;
      const x = Math.round(left + ((right - left) * scores[level]) / 100) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, top - 4);
      ctx.lineTo(x, bottom);
      ctx.stroke();
      ctx.fillText(String(scores[level]), x, top - 8);
    }
    ctx.restore();
  },
};
