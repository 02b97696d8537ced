/** Buttons that copy the text of a field. */

const MESSAGE_MS = 3000;

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

/** Without HTTPS there is no clipboard; the text is then left selected, to be copied by hand. */
async function copy(field: HTMLInputElement, output: HTMLOutputElement): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    output.value = 'Copied';
  } catch {
    output.value = 'Selected, ready to copy';
  }
  setTimeout(() => {
    output.value = '';
  }, MESSAGE_MS);
}
