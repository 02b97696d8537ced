/** What one writes to get a drawing again: its address, and a line or two in the languages that people ask in. */

import type { Form } from './links.ts';

/** A drawing as the server has it. */
export interface Shot {
  /** Absolute. */
  readonly url: string;
  readonly form: Form;
  /** In words, without quotation marks. */
  readonly alt: string;
  /** Of the picture; 0 where the address does not say. */
  readonly width: number;
  readonly height: number;
}

const COPIED_MS = 3000;

/** What each choice in the template writes. */
const WRITERS: Readonly<Record<string, (shot: Shot) => string>> = {
  link: ({ url }) => url,
  html: ({ url, alt, width, height }) => {
    const size = width > 0 ? ` width="${width}" height="${height}"` : '';
    return `<img src="${escape(url)}" alt="${escape(alt)}"${size}>`;
  },
  // Parentheses would end the address.
  markdown: ({ url, alt }) => `![${alt}](${url.replaceAll(/[()]/g, hex)})`,
  curl: ({ url, form }) => `curl -o ${fileOf(form)} '${url}'`,
  fetch: ({ url, form }) => {
    const read = { json: 'json', txt: 'text', npy: 'arrayBuffer', idx: 'arrayBuffer' }[form.name];
    return `const answer = await fetch('${url}');\nconst digit = await answer.${read ?? 'blob'}();`;
  },
  python: ({ url, form }) => {
    const open = `urllib.request.urlopen("${url}")`;
    if (form.name === 'json') return `import json, urllib.request\ndigit = json.load(${open})`;
    if (form.name === 'npy') {
      return `import io, urllib.request\nimport numpy as np\ndigit = np.load(io.BytesIO(${open}.read()))`;
    }
    return `import urllib.request\nurllib.request.urlretrieve("${url}", "${fileOf(form)}")`;
  },
};

/**
 * Puts a choice of languages, the text and a button that copies it into an element.
 * @returns a function that shows how to get something
 */
export function createSnippets(host: HTMLElement): (shot: Shot) => void {
  const template = document.querySelector<HTMLTemplateElement>('#snippets');
  host.append(template?.content.cloneNode(true) ?? '');
  const choice = host.querySelector('select');
  const text = host.querySelector('textarea');
  const button = host.querySelector('button');
  const output = host.querySelector('output');
  if (!choice || !text || !button || !output) throw new TypeError('#snippets: expected its parts');
  let shot: Shot | undefined;

  function write(): void {
    if (!shot || !choice || !text) return;
    text.value = WRITERS[choice.value](shot);
  }
  choice.addEventListener('change', write);
  button.addEventListener('click', () => {
    void copy(text, output);
  });
  return (next) => {
    shot = next;
    const isPicture = next.form.options.includes('scale');
    for (const option of choice.options) {
      option.hidden = option.disabled = !isPicture && /html|markdown/.test(option.value);
    }
    if (choice.selectedOptions[0].disabled) choice.value = 'link';
    write();
  };
}

/** Until when an output says so. */
const told = new WeakMap<HTMLOutputElement, ReturnType<typeof setTimeout>>();

/** Without HTTPS there is no clipboard; the text is then left selected, to be copied by hand. */
export async function copy(
  field: HTMLInputElement | HTMLTextAreaElement,
  output: HTMLOutputElement,
): Promise<void> {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    output.value = 'Copied';
  } catch {
    output.value = 'Selected, ready to copy';
  }
  // What an earlier copy said must not take this away.
  clearTimeout(told.get(output));
  told.set(
    output,
    setTimeout(() => {
      output.value = '';
    }, COPIED_MS),
  );
}

function fileOf({ name }: Form): string {
  return `digit.${name}`;
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}

/** For attributes of HTML. */
function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
