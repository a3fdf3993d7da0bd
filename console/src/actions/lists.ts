/** Puts senders on the block and allow lists, and back to where they were. */

import type { Api } from "../api/client.ts";
import type { ListName, SenderEntry } from "../api/types.ts";
import { eachOf } from "./each.ts";

export interface Moved {
  readonly number: string;
  readonly before: SenderEntry | null;
}

type SendersApi = Pick<Api, "sender" | "putSender" | "removeSender">;

/** Put senders on a list, or take them off with null. Those that it worked for come back, with what was there before. */
export async function moveSenders(
  api: SendersApi,
  numbers: readonly string[],
  list: ListName | null,
  reason: string,
): Promise<{ moved: Moved[]; errors: unknown[] }> {
  const { results, errors } = await eachOf(numbers, async (number): Promise<Moved> => {
    const before = await api.sender(number);
    if (list !== null) await api.putSender(number, { list, reason });
    else if (before !== null) await api.removeSender(number);
    return { number, before };
  });
  return { moved: results.filter((one) => one !== undefined), errors: errors.map(([, error]) => error) };
}

/** Put senders back to where they were. */
export async function putBack(api: SendersApi, moved: readonly Moved[]): Promise<unknown[]> {
  const { errors } = await eachOf(moved, ({ number, before }) => restore(api, number, before));
  return errors.map(([, error]) => error);
}

async function restore(api: SendersApi, number: string, before: SenderEntry | null): Promise<void> {
  if (before === null) {
    await api.removeSender(number);
    return;
  }
  const { list, reason, expires_at } = before;
  await api.putSender(number, { list, reason, ...(expires_at ? { expires_at } : {}) });
}
