/** Sets custom properties by script: the page's policy forbids style attributes in markup. */

import { noChange } from "lit-html";
import { directive, Directive, PartType, type ElementPart, type PartInfo } from "lit-html/directive.js";

class CssValues extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("cssValues belongs into an element's tag");
  }

  render(_values: Readonly<Record<`--${string}`, number>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: [Readonly<Record<`--${string}`, number>>]): typeof noChange {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(values)) style.setProperty(name, String(value));
    return noChange;
  }
}

/** `<span ${cssValues({ "--share": 0.5 })}>` */
export const cssValues = directive(CssValues);
