/** The live feed's socket: opened with a ticket, kept alive, and opened again when it is lost. */

import { ApiError } from "../api/problem.ts";
import type { FeedbackChange, Summary, Ticket } from "../api/types.ts";
import { backoff } from "./backoff.ts";

const PING_EVERY_MS = 5 * 60_000; // the gateway closes sockets after ten quiet minutes
const PONG_WITHIN_MS = 10_000;
const OPEN_WITHIN_MS = 15_000;
const RENEW_AFTER_MS = 110 * 60_000; // … and every socket after two hours

export type LiveState =
  | { readonly kind: "connecting" }
  | { readonly kind: "open"; readonly since: number }
  | { readonly kind: "waiting"; readonly until: number; readonly why: string }
  | { readonly kind: "stopped"; readonly error: ApiError | null };

/** What the connection needs from the world. Tests bring their own. */
export interface LiveWorld {
  ticket(): Promise<Ticket>;
  open(url: string): WebSocket;
  now(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(timer: number): void;
}

export interface LiveListener {
  /** The state has changed. */
  state(state: LiveState): void;
  /** Messages came. */
  messages(items: readonly Summary[]): void;
  /** People judged messages, or took it back. */
  feedback(items: readonly FeedbackChange[]): void;
  /** Something may have been missed: a socket has opened, or could not be opened. */
  gap(): void;
}

export class LiveConnection {
  private state: LiveState = { kind: "stopped", error: null };
  private socket: WebSocket | null = null;
  private attempt = 0;
  /** Grows with every start and stop, so that what an earlier run still awaits is ignored. */
  private run = 0;
  private timers = new Set<number>();
  private pong: number | null = null;

  constructor(
    private readonly world: LiveWorld,
    private readonly listener: LiveListener,
  ) {}

  start(): void {
    this.reset();
    this.attempt = 0;
    void this.connect();
  }

  /** Close for good, or until `start`. */
  stop(error: ApiError | null = null): void {
    this.reset();
    this.change({ kind: "stopped", error });
  }

  /** Do not wait any longer: the network is back, or somebody pressed the button. */
  retryNow(): void {
    if (this.state.kind === "waiting") this.start();
  }

  /** Make sure that the socket is alive, for example after the machine has slept. */
  probe(): void {
    if (this.state.kind === "open") this.ping();
    else this.retryNow();
  }

  private async connect(): Promise<void> {
    const run = this.run;
    this.change({ kind: "connecting" });
    let ticket: Ticket;
    try {
      ticket = await this.world.ticket();
    } catch (error) {
      if (run === this.run) this.ticketRefused(error);
      return;
    }
    if (run !== this.run) return;
    const url = new URL(ticket.ws_url);
    url.searchParams.set("ticket", ticket.ticket);
    this.listen(this.world.open(url.href), run);
  }

  private ticketRefused(error: unknown): void {
    if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
      this.stop(error);
      return;
    }
    const wait = error instanceof ApiError && error.retryAfterSeconds !== null ? error.retryAfterSeconds * 1000 : 0;
    const unavailable = error instanceof ApiError && error.status >= 400;
    this.lost(unavailable ? error.message : "The API cannot be reached.", wait);
  }

  private listen(socket: WebSocket, run: number): void {
    this.socket = socket;
    const current = () => run === this.run;
    this.after(OPEN_WITHIN_MS, () => {
      if (this.state.kind === "connecting") this.lost("The connection did not open in time.");
    });
    socket.onopen = () => {
      if (!current()) return;
      this.attempt = 0;
      this.change({ kind: "open", since: this.world.now() });
      this.keepAlive();
      this.after(RENEW_AFTER_MS, () => this.start());
      this.listener.gap();
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      if (current()) this.receive(event.data);
    };
    socket.onclose = () => {
      if (current()) this.lost("The connection was lost.");
    };
  }

  private receive(data: unknown): void {
    const frame = parseFrame(data);
    if (frame?.type === "pong") this.settlePong();
    else if (frame?.type === "messages") this.listener.messages(frame.items);
    else if (frame?.type === "feedback") this.listener.feedback(frame.items);
  }

  private keepAlive(): void {
    this.after(PING_EVERY_MS, () => {
      this.ping();
      this.keepAlive();
    });
  }

  private ping(): void {
    if (this.pong !== null) return;
    this.socket?.send(JSON.stringify({ action: "ping" }));
    this.pong = this.after(PONG_WITHIN_MS, () => this.lost("The connection went silent."));
  }

  private settlePong(): void {
    if (this.pong === null) return;
    this.world.clearTimeout(this.pong);
    this.timers.delete(this.pong);
    this.pong = null;
  }

  private lost(why: string, atLeastMs = 0): void {
    this.reset();
    const wait = Math.max(atLeastMs, backoff(this.attempt, this.world.random()));
    if (this.attempt > 0) this.listener.gap(); // REST may work while sockets do not
    this.attempt += 1;
    this.change({ kind: "waiting", until: this.world.now() + wait, why });
    this.after(wait, () => void this.connect());
  }

  /** Forget the socket and everything that was planned for it. */
  private reset(): void {
    this.run += 1;
    for (const timer of this.timers) this.world.clearTimeout(timer);
    this.timers.clear();
    this.pong = null;
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }

  private after(ms: number, run: () => void): number {
    const timer = this.world.setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, ms);
    this.timers.add(timer);
    return timer;
  }

  private change(state: LiveState): void {
    this.state = state;
    this.listener.state(state);
  }
}

type Frame =
  | { type: "pong" }
  | { type: "messages"; items: readonly Summary[] }
  | { type: "feedback"; items: readonly FeedbackChange[] };

function parseFrame(data: unknown): Frame | null {
  if (typeof data !== "string") return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const frame = value as { type?: unknown; items?: unknown };
  if (frame.type === "pong") return { type: "pong" };
  if (!Array.isArray(frame.items)) return null;
  if (frame.type === "messages") return { type: "messages", items: frame.items as Summary[] };
  if (frame.type === "feedback") return { type: "feedback", items: frame.items as FeedbackChange[] };
  return null;
}
