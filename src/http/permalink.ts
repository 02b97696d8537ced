/** Permalinks: a path and query that give the same bytes for as long as the model they name is there. */

/**
 * @param path with an ending, such as /digit.png
 * @param values by name; those that are undefined are left out
 * @param names which of them belong to the permalink, in their order
 */
export function permalink(
  path: string,
  values: Readonly<Record<string, string | number | undefined>>,
  names: readonly string[] = Object.keys(values),
): string {
  const pairs: string[] = [];
  for (const name of names) {
    const value = values[name];
    if (value !== undefined) pairs.push(`${name}=${encodeURIComponent(value)}`);
  }
  return `${path}?${pairs.join('&')}`;
}
