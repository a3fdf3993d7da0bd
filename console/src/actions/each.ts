/** Does something to each of many, a few at a time. */

const AT_A_TIME = 4;

/**
 * @param progress told how many are over
 * @returns results and errors; the results lie in the items' order, with nothing where there was an error
 */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  call: (item: Item) => Promise<Result>,
  progress: (over: number) => void = () => {},
): Promise<{ results: (Result | undefined)[]; errors: [Item, unknown][] }> {
  const results: (Result | undefined)[] = items.map(() => undefined);
  const errors: [Item, unknown][] = [];
  let next = 0;
  let over = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index] as Item;
      try {
        results[index] = await call(item);
      } catch (error) {
        errors.push([item, error]);
      }
      progress((over += 1));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_A_TIME, items.length) }, worker));
  return { results, errors };
}
