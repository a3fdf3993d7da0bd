/** Charts draw on canvas, which knows nothing of style sheets: this reads the tokens' colours for them. */

import type { Level } from "../api/types.ts";

export interface Palette {
  readonly level: Readonly<Record<Level, string>>;
  readonly accent: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  /** For what has no colour of its own. */
  readonly series: readonly string[];
}

const SERIES = 6;

/** Read the colours that hold now. Again after the theme has changed. */
export function readPalette(): Palette {
  const probe = document.createElement("span");
  document.body.append(probe);
  const read = (token: string) => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const palette: Palette = {
    level: { Low: read("low"), Medium: read("medium"), High: read("high"), Critical: read("critical") },
    accent: read("accent"),
    ink: read("ink"),
    quiet: read("quiet"),
    line: read("line"),
    surface: read("surface"),
    series: Array.from({ length: SERIES }, (_, index) => read(`series-${index}`)),
  };
  probe.remove();
  return palette;
}

export const FONT = 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
