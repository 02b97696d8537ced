/** Elements of the page, found by the names that page.html gives them. */

/** @throws {TypeError} if page.html has no such element, or one of another type */
export function byId<E extends Element>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new TypeError(`#${id}: found ${found?.localName ?? 'nothing'}, expected ${type.name}`);
}

/** The links within an element that name a format, in the table's order. */
export function formatLinks(within: HTMLElement): HTMLAnchorElement[] {
  return Array.from(within.querySelectorAll<HTMLAnchorElement>('a[data-format]'));
}

export function nextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}
