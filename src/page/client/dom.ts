/** Elements of the page, found by the names that page.html gives them. */

/** @throws {TypeError} if page.html has no such element, or one of another type */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new TypeError(`#${id}: found ${found?.localName ?? 'nothing'}, expected ${type.name}`);
}

/** The links within an element that have an attribute `data-format`, by its value. */
export function formatLinks(within: HTMLElement): Map<string, HTMLAnchorElement> {
  const links = within.querySelectorAll<HTMLAnchorElement>('a[data-format]');
  return new Map(Array.from(links, (link) => [link.dataset['format'] ?? '', link]));
}

export function nextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}
