/** Permalinks: a path and query that give the same bytes for as long as the model they name is there. */

/**
 * @param path with an ending, such as /digit.png
 * @param parameters by name, in the order in which they are written; those without a value are left out
 */
export function permalink(
  path: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) pairs.push(`${name}=${encodeURIComponent(value)}`);
  }
  return `${path}?${pairs.join('&')}`;
}

/** The beginning of absolute URLs, such as https://digits.example.com */
export function originOf(url: string): string {
  return new URL(url).origin;
}
