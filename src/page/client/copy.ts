/** Buttons that copy what stands in a field. */

const SAID_MS = 3000;

/** Every element with `data-copy`, which names the field; an <output> beside it tells what happened. */
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

/** Without HTTPS there is no clipboard: then the text is selected, to be copied by hand. */
async function copy(field: HTMLInputElement, output: HTMLOutputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    output.value = 'Copied';
  } catch {
    output.value = 'Selected: copy it';
  }
  setTimeout(() => {
    output.value = '';
  }, SAID_MS);
}
