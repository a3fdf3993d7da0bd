/** How every chart answers to the pointer, and how its axes look. */

import { FONT, type Palette } from "./palette.ts";

export function tooltip(palette: Palette) {
  return {
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
  } as const;
}

export function ticks(palette: Palette) {
  return { color: palette.quiet, font: { family: FONT, size: 11 } } as const;
}
