/** Shows a value in an input, but never while somebody is writing there: they have the last word. */

import { noChange } from "lit-html";
import { directive, Directive, PartType, type ElementPart, type PartInfo } from "lit-html/directive.js";

class FieldValue extends Directive {
  private shown: string | null = null;

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("fieldValue belongs into an element's tag");
  }

  render(_value: string): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [value]: [string]): typeof noChange {
    const input = part.element as HTMLInputElement | HTMLTextAreaElement;
    if (value !== this.shown && input !== document.activeElement) {
      input.value = value;
      this.shown = value;
    } else if (input === document.activeElement && input.value === value) {
      this.shown = value;
    }
    return noChange;
  }
}

/** `<input ${fieldValue(text)} @blur=${draw}>`: drawing again when the person leaves shows what holds. */
export const fieldValue = directive(FieldValue);
