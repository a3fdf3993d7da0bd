/** What a person prefers, kept on this device. */

export type Theme = "system" | "light" | "dark";

export interface Settings {
  readonly theme: Theme;
  /** Texts and numbers are hidden until somebody asks for them. */
  readonly masked: boolean;
  /** Every verdict needs a reason. */
  readonly reasons: boolean;
  /** After a verdict, the next message opens. */
  readonly advance: boolean;
}

const NAME = "hookline.settings";
const DEFAULTS: Settings = { theme: "system", masked: false, reasons: false, advance: true };

export function loadSettings(storage: Storage): Settings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(NAME) ?? "{}");
    const { theme, masked, reasons, advance } = (kept ?? {}) as Partial<Record<keyof Settings, unknown>>;
    return {
      theme: theme === "light" || theme === "dark" ? theme : DEFAULTS.theme,
      masked: masked === true,
      reasons: reasons === true,
      advance: advance !== false,
    };
  } catch {
    return DEFAULTS;
  }
}

export function saveSettings(storage: Storage, settings: Settings): void {
  storage.setItem(NAME, JSON.stringify(settings));
}
