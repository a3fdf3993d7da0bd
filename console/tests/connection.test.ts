import { beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/api/problem.ts";
import type { FeedbackChange, Summary } from "../src/api/types.ts";
import { LiveConnection, type LiveState } from "../src/live/connection.ts";
import { summary } from "./samples.ts";

class FakeSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  readonly sent: string[] = [];
  closed = false;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
  }

  says(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }
}

const MINUTE = 60_000;

function setUp({ random = 0.5 } = {}) {
  const sockets: FakeSocket[] = [];
  const states: LiveState[] = [];
  const items: Summary[] = [];
  const changes: FeedbackChange[] = [];
  let gaps = 0;
  let tickets = 0;
  const refuse: { error: ApiError | null } = { error: null };
  const connection = new LiveConnection(
    {
      ticket: async () => {
        tickets += 1;
        if (refuse.error) throw refuse.error;
        return { ticket: `t ${tickets}`, ws_url: "wss://live.example/stage", expires_at: "" };
      },
      open: (url) => {
        const socket = new FakeSocket(url);
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => Date.now(),
      random: () => random,
      setTimeout: (run, ms) => setTimeout(run, ms) as unknown as number,
      clearTimeout: (timer) => clearTimeout(timer),
    },
    {
      state: (state) => states.push(state),
      messages: (more) => items.push(...more),
      feedback: (more) => changes.push(...more),
      gap: () => {
        gaps += 1;
      },
    },
  );
  return { connection, sockets, states, items, changes, refuse, gaps: () => gaps, tickets: () => tickets, kinds: () => states.map((state) => state.kind) };
}

async function opened(options?: { random?: number }) {
  const world = setUp(options);
  world.connection.start();
  await vi.advanceTimersByTimeAsync(0);
  world.sockets[0]?.onopen?.();
  return world;
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

describe("LiveConnection", () => {
  it("opens with a ticket and asks what was missed meanwhile", async () => {
    const { sockets, kinds, gaps } = await opened();
    expect(sockets[0]?.url).toBe("wss://live.example/stage?ticket=t+1");
    expect([kinds(), gaps()]).toEqual([["connecting", "open"], 1]);
  });

  it("passes messages on and stands frames that are none", async () => {
    const { sockets, items } = await opened();
    for (const frame of ["", "{", "null", "7", { type: "other" }, { type: "messages", items: "x" }]) sockets[0]?.says(frame);
    sockets[0]?.says({ type: "messages", items: [summary(1)] });
    expect(items.map((item) => item.excerpt)).toEqual(["message 1"]);
  });

  it("passes on what people said", async () => {
    const { sockets, changes } = await opened();
    sockets[0]?.says({ type: "feedback", items: [{ message_id: "m", feedback: null, changed_at: "2026-11-23T06:00:00.000Z" }] });
    sockets[0]?.says({ type: "feedback", items: 7 });
    expect(changes).toEqual([{ message_id: "m", feedback: null, changed_at: "2026-11-23T06:00:00.000Z" }]);
  });

  it("comes back with a new ticket after the socket was cut, waiting longer each time", async () => {
    const { sockets, states, refuse, gaps } = await opened();
    refuse.error = new ApiError(0, "network", "");
    sockets[0]?.onclose?.();
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000);
    const waits = states.filter((state) => state.kind === "waiting").length;
    refuse.error = null;
    await vi.advanceTimersByTimeAsync(4000);
    sockets[1]?.onopen?.();
    expect(waits).toBe(4);
    expect([sockets.length, states.at(-1)?.kind]).toEqual([2, "open"]);
    expect(gaps()).toBe(1 + 3 + 1); // opened, three failed attempts, opened again
  });

  it("waits at least as long as the API asks for", async () => {
    const { connection, refuse, tickets } = setUp();
    refuse.error = new ApiError(429, "throttled", "Slow down.", { retryAfterSeconds: 20 });
    connection.start();
    await vi.advanceTimersByTimeAsync(19_900);
    expect(tickets()).toBe(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(tickets()).toBe(2);
  });

  it.each([401, 403])("stops for good on %i", async (status) => {
    const { connection, refuse, states, tickets } = setUp();
    refuse.error = new ApiError(status, "key_refused", "No.");
    connection.start();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect([states.at(-1), tickets()]).toEqual([{ kind: "stopped", error: refuse.error }, 1]);
  });

  it("pings every five minutes and goes on if it is answered", async () => {
    const { sockets, kinds } = await opened();
    for (let round = 0; round < 3; round += 1) {
      await vi.advanceTimersByTimeAsync(5 * MINUTE);
      sockets[0]?.says({ type: "pong" });
    }
    expect(sockets[0]?.sent).toEqual(Array(3).fill('{"action":"ping"}'));
    expect(kinds()).toEqual(["connecting", "open"]);
  });

  it("takes silence for a lost connection", async () => {
    const { sockets, kinds } = await opened();
    await vi.advanceTimersByTimeAsync(5 * MINUTE + 10_000);
    expect([sockets[0]?.closed, kinds().at(-1)]).toEqual([true, "waiting"]);
  });

  it("renews itself before the gateway's two hours are over", async () => {
    const { sockets, connection, kinds } = await opened();
    for (let minute = 0; minute < 110; minute += 5) {
      await vi.advanceTimersByTimeAsync(5 * MINUTE);
      sockets[0]?.says({ type: "pong" });
    }
    expect([sockets.length, sockets[0]?.closed]).toEqual([2, true]);
    expect(kinds().at(-1)).toBe("connecting");
    connection.stop();
  });

  it("does not wait for ever for a socket to open", async () => {
    const { connection, sockets, kinds } = setUp();
    connection.start();
    await vi.advanceTimersByTimeAsync(15_000);
    expect([sockets[0]?.closed, kinds().at(-1)]).toEqual([true, "waiting"]);
  });

  it("tries at once when asked to, and probes an open socket", async () => {
    const { connection, sockets, kinds } = await opened({ random: 0.99 });
    connection.probe();
    expect(sockets[0]?.sent.length).toBe(1);
    sockets[0]?.onclose?.();
    connection.retryNow();
    await vi.advanceTimersByTimeAsync(0);
    expect([sockets.length, kinds().at(-1)]).toEqual([2, "connecting"]);
  });

  it("is quiet after it was stopped", async () => {
    const { connection, sockets, items, tickets } = await opened();
    const [socket] = sockets;
    const late = socket?.onmessage;
    connection.stop();
    late?.({ data: JSON.stringify({ type: "messages", items: [summary(1)] }) });
    await vi.advanceTimersByTimeAsync(3 * 60 * MINUTE);
    expect([items, tickets(), socket?.closed]).toEqual([[], 1, true]);
  });
});
