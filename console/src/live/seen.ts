/** Remembers which messages came already: the socket and REST both bring them, and none may count twice. */

const LIMIT = 20_000;

export class Seen {
  private readonly ids = new Set<string>();

  /** Return whether this id is new, and remember it. The oldest ids are forgotten first. */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > LIMIT) {
      for (const oldest of this.ids) {
        this.ids.delete(oldest);
        break;
      }
    }
    return true;
  }
}
