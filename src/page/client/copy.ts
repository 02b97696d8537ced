/** Buttons that copy the text of a field. */

import { copy } from './snippets.ts';

/** Enables each button with `data-copy`, the id of its field; the <output> next to it says what happened. */
export function enableCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const field = document.querySelector<HTMLInputElement>(`#${button.dataset['copy']}`);
    const output = button.parentElement?.querySelector('output');
    if (!field || !output) continue;
    button.hidden = false;
    button.addEventListener('click', () => {
      void copy(field, output);
    });
  }
}
