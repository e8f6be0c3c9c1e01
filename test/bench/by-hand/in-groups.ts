/** A few at a time: one after the other takes too long, all at once is more than a machine can take. */
export async function inGroups<Item>(
  atATime: number,
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  for (let index = 0; index < items.length; index += atATime)
    await Promise.all(items.slice(index, index + atATime).map(act));
}
