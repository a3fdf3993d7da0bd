/** Keeps the key: for this tab, or on this device if the person wishes. */

const NAME = "hookline.key";

export class Session {
  constructor(
    private readonly tab: Storage,
    private readonly device: Storage,
  ) {}

  get key(): string | null {
    return this.tab.getItem(NAME) ?? this.device.getItem(NAME);
  }

  save(key: string, { remember }: { remember: boolean }): void {
    this.forget();
    (remember ? this.device : this.tab).setItem(NAME, key);
  }

  forget(): void {
    this.tab.removeItem(NAME);
    this.device.removeItem(NAME);
  }
}
