/** Keeps one Chart.js chart on the canvas that a view draws, however often the view is drawn. */

import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  type ChartConfiguration,
} from "chart.js";
import type { Palette } from "./palette.ts";
import { readPalette } from "./palette.ts";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, LineController, LineElement, PointElement, Tooltip);

export type BarConfiguration = ChartConfiguration<"bar" | "line", number[], string>;

export class ChartCanvas<Data> {
  private chart: Chart<"bar" | "line", number[], string> | null = null;
  private drawn: { data: Data; theme: number } | null = null;

  /**
   * @param configure makes the chart's settings
   * @param theme grows when colours change
   */
  constructor(
    private readonly configure: (data: Data, palette: Palette) => BarConfiguration,
    private readonly theme: () => number,
    private data: Data,
  ) {}

  /** Give the chart its canvas, or take it away: what the directive `ref` calls. */
  readonly attach = (element: Element | undefined): void => {
    this.chart?.destroy();
    this.chart = null;
    this.drawn = null;
    if (element instanceof HTMLCanvasElement) {
      // The canvas is in the page only when the whole view is.
      queueMicrotask(() => {
        if (!element.isConnected) return;
        this.chart = new Chart(element, this.configure(this.data, readPalette()));
        this.drawn = { data: this.data, theme: this.theme() };
      });
    }
  };

  show(data: Data): void {
    this.data = data;
    if (!this.chart || (this.drawn?.data === data && this.drawn.theme === this.theme())) return;
    const { data: fresh, options } = this.configure(data, readPalette());
    this.chart.data.labels = fresh.labels ?? [];
    const { datasets } = this.chart.data;
    if (sameKinds(datasets, fresh.datasets)) fresh.datasets.forEach((dataset, index) => Object.assign(datasets[index] ?? {}, dataset));
    else this.chart.data.datasets = fresh.datasets;
    if (options) this.chart.options = options;
    this.chart.update("none");
    this.drawn = { data, theme: this.theme() };
  }
}

type Datasets = BarConfiguration["data"]["datasets"];

function sameKinds(one: Datasets, other: Datasets): boolean {
  return one.length === other.length && one.every((dataset, index) => dataset.label === other[index]?.label);
}
