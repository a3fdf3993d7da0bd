/** Characters that cannot be seen, or that turn text around, are shown by name. That also takes their effect away. */

export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "hidden"; readonly name: string };

const NAMES: Readonly<Record<string, string>> = {
  "\u0000": "NUL",
  "\u00ad": "SHY",
  "\u061c": "ALM",
  "\u200b": "ZWSP",
  "\u200c": "ZWNJ",
  "\u200d": "ZWJ",
  "\u200e": "LRM",
  "\u200f": "RLM",
  "\u202a": "LRE",
  "\u202b": "RLE",
  "\u202c": "PDF",
  "\u202d": "LRO",
  "\u202e": "RLO",
  "\u2060": "WJ",
  "\u2066": "LRI",
  "\u2067": "RLI",
  "\u2068": "FSI",
  "\u2069": "PDI",
  "\ufeff": "BOM",
};

// Joiners are left alone beside anything but Latin letters and digits: emoji and many scripts need them.
const HIDDEN = new RegExp(
  [
    "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff]",
    "[\\u{e0000}-\\u{e007f}]",
    "(?<=[A-Za-z0-9])[\\u200c\\u200d]",
    "[\\u200c\\u200d](?=[A-Za-z0-9])",
  ].join("|"),
  "gu",
);

/** Split a text into what can be seen and what cannot. */
export function reveal(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) pieces.push({ kind: "text", text: text.slice(from, match.index) });
    pieces.push({ kind: "hidden", name: nameOf(match[0]) });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ kind: "text", text: text.slice(from) });
  return pieces;
}

/** Take hidden characters out, for places with room for one line only. */
export function flatten(text: string): string {
  return text.replace(HIDDEN, "");
}

function nameOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return NAMES[character] ?? `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
}
