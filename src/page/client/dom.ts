/** Elements of the page, found by what page.html calls them. */

/** @throws TypeError where page.html and the scripts do not fit each other */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new TypeError(`#${id} is no ${type.name}`);
}

/** What carries the attribute `data-format` in an element, by its value. */
export function formatLinks(within: HTMLElement): Map<string, HTMLAnchorElement> {
  const links = within.querySelectorAll<HTMLAnchorElement>('a[data-format]');
  return new Map(Array.from(links, (link) => [link.dataset['format'] ?? '', link]));
}

export function nextFrame(): Promise<number> {
  return new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });
}
