/** An address as one builds it, and beside it what the server answers. */

import { nounOf } from '../../digit.ts';
import { freshSeed } from '../../sampler/seed.ts';
import type { Model } from '../../weights/model.ts';
import type { Address } from './address.ts';
import { byId } from './dom.ts';
import { addressOf, type Form, formOf, type Looks, shownColours } from './links.ts';
import { createSnippets } from './snippets.ts';
import type { Source } from './source.ts';

/** What the server may draw, and at which scale it is shown at first. */
const KINDS = { one: 8, many: 3, number: 5, walk: 5 };
type Kind = keyof typeof KINDS;
/** Where the server draws it; a number's figures follow. */
const PATHS = { one: '/digit', many: '/digits', number: '/number/', walk: '/walk' };

/** After so long without a change, the picture is asked for. */
const PAUSE_MS = 200;
const PNG = { name: 'png', options: ['scale', 'colours', 'transparent', 'cols'] };

/** @returns a function that takes a digit as what is built on */
export function createPlayground(model: Model, address: Address): (source: Source) => void {
  const section = byId('playground', HTMLElement);
  const form = byId('play', HTMLFormElement);
  const picture = byId('play-picture', HTMLImageElement);
  const state = byId('play-state', HTMLElement);
  const write = createSnippets(byId('play-snippets', HTMLElement));
  const open = byId('play-open', HTMLAnchorElement);
  const forms = byId('play-form', HTMLSelectElement);
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const fields = new Map(
    Array.from(form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]'), (field) => [
      field.name,
      field,
    ]),
  );
  const valueOf = (name: string): string => {
    const field = fields.get(name);
    return field?.closest('[hidden]') ? '' : (field?.value ?? '');
  };
  const isOn = (name: string): boolean =>
    form.elements.namedItem(name) instanceof HTMLInputElement &&
    (form.elements.namedItem(name) as HTMLInputElement).checked;
  const kindNow = (): Kind => new FormData(form).get('kind') as Kind;

  function setKind(kind: Kind): void {
    for (const input of form.querySelectorAll<HTMLInputElement>('[name=kind]')) {
      input.checked = input.value === kind;
    }
    set('scale', `${KINDS[kind]}`);
    showFields();
  }

  function set(name: string, value: string): void {
    const field = fields.get(name);
    if (field) field.value = value;
  }

  /** Shows the fields that this kind and form have a use for. */
  function showFields(): void {
    const kind = kindNow();
    for (const option of forms.options) {
      option.hidden = option.disabled = !option.dataset['kinds']?.split(' ').includes(kind);
    }
    if (forms.selectedOptions[0]?.disabled) forms.value = 'png';
    const { options } = formNow();
    for (const row of form.querySelectorAll<HTMLElement>('[data-kinds], [data-option]')) {
      const { kinds, option } = row.dataset;
      const isOfKind = kinds === undefined || kinds.split(' ').includes(kind);
      row.hidden = !isOfKind || (option !== undefined && !options.includes(option));
    }
    const paper = fields.get('bg');
    if (paper instanceof HTMLInputElement)
      paper.disabled = isOn('transparent') && options.includes('transparent');
  }

  function formNow(): Form {
    const [option] = forms.selectedOptions;
    return formOf(option);
  }

  function looksNow(): Looks {
    const transparent = isOn('transparent') && formNow().options.includes('transparent');
    const fg = valueOf('fg').slice(1);
    const bg = transparent ? 'transparent' : valueOf('bg').slice(1);
    const isDefault = fg === 'ffffff' && bg === '000000';
    return {
      scale: Number(valueOf('scale')) || 1,
      ...(!isDefault && { fg, bg }),
      cols: Number(valueOf('cols')) || undefined,
    };
  }

  function pathIn(shape: Form): string {
    const kind = kindNow();
    // A date is its figures.
    const figures = valueOf('number').replaceAll(/[^0-9]/g, '');
    const path = PATHS[kind] + (kind === 'number' ? figures : '');
    const values = {
      seed: valueOf('seed'),
      from: valueOf('from'),
      to: valueOf('to'),
      model: isOn('pinned') ? model.shownHash : '',
      count: valueOf('count'),
      frames: valueOf('frames'),
      label: valueOf('label'),
    };
    return addressOf({ path, values }, shape, looksNow());
  }

  function update(): void {
    const shape = formNow();
    const path = pathIn(shape);
    const isPicture = shape.options.includes('scale');
    open.href = path;
    open.classList.toggle('squares', looksNow().bg === 'transparent');
    write({
      url: new URL(path, location.href).href,
      form: shape,
      alt: kindNow() === 'number' ? valueOf('number') : `made of ${nounOf(model.motif)}s`,
      width: 0,
      height: 0,
    });
    section.ariaBusy = 'true';
    state.textContent = 'Asking the server …';
    const shown = isPicture ? path : pathIn(PNG);
    const { href } = new URL(shown, location.href);
    if (picture.src === href && picture.complete && picture.naturalWidth > 0) ready();
    else picture.src = href;
  }

  function ready(): void {
    section.ariaBusy = 'false';
    picture.hidden = false;
    const { naturalWidth, naturalHeight } = picture;
    const size = `${naturalWidth} × ${naturalHeight} pixels`;
    const shape = formNow();
    const isPicture = shape.options.includes('scale');
    state.textContent = isPicture ? `${size}.` : `The same, as a picture of ${size}.`;
  }

  /** An answer that is no picture says why. */
  async function explain(): Promise<void> {
    section.ariaBusy = 'false';
    picture.hidden = true;
    const { src } = picture;
    const problem = await fetch(src)
      .then(async (response) =>
        response.ok ? undefined : ((await response.json()) as { detail?: string }),
      )
      .catch(() => undefined);
    if (picture.src === src) state.textContent = problem?.detail ?? 'The server did not answer.';
  }

  function later(): void {
    clearTimeout(waiting);
    waiting = setTimeout(update, PAUSE_MS);
    address.replace({ play: pathIn(formNow()) });
  }

  /** Fills in the fields from an address that was built here. */
  function apply(given: string): void {
    const { pathname, searchParams } = new URL(given, location.origin);
    const [, path, figures, ending] =
      /^(\/digits?|\/walk|\/number\/)([0-9]*)\.([a-z]+)$/.exec(pathname) ?? [];
    const kind = (Object.keys(PATHS) as Kind[]).find((each) => PATHS[each] === path);
    if (kind === undefined) return;
    setKind(kind);
    forms.value = ending;
    if (figures) set('number', figures);
    for (const name of ['seed', 'from', 'to', 'count', 'cols', 'frames', 'label', 'scale']) {
      const value = searchParams.get(name);
      if (value !== null) set(name, value);
      else if (name === 'seed' || name === 'label') set(name, '');
    }
    const bg = searchParams.get('bg') ?? '000000';
    set('fg', `#${searchParams.get('fg') ?? 'ffffff'}`);
    if (bg !== 'transparent') set('bg', `#${bg}`);
    check('transparent', bg === 'transparent');
    check('pinned', searchParams.has('model'));
    showFields();
    update();
  }

  function check(name: string, on: boolean): void {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.checked = on;
  }

  const { classes, title } = model.motif;
  const label = fields.get('label');
  label?.append(...classes.map(({ name, number }) => new Option(name, `${number}`)));
  for (const name of ['seed', 'from', 'to']) set(name, freshSeed());
  const { fg = 'ffffff', bg = '000000' } = shownColours();
  set('fg', `#${fg}`);
  set('bg', `#${bg}`);
  set('number', new Date().toISOString().slice(0, 10));
  const numbers = form.querySelector<HTMLInputElement>('[value=number]')?.closest('label');
  if (numbers) numbers.hidden = title !== 'digit' || classes.length < 10;

  picture.addEventListener('load', ready);
  picture.addEventListener('error', () => {
    void explain();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    update();
  });
  form.addEventListener('input', ({ target }) => {
    if (target instanceof HTMLInputElement && target.name === 'kind') setKind(kindNow());
    else showFields();
    later();
  });
  section.hidden = false;
  const given = address.state().play;
  setKind(numbers?.hidden ? 'one' : 'number');
  if (given === undefined) update();
  else apply(given);
  address.onTravel(({ play }) => {
    if (play !== undefined) apply(play);
  });
  return ({ seed = '', label: asked }) => {
    setKind('one');
    set('seed', seed);
    set('label', asked === undefined ? '' : `${asked}`);
    update();
    address.push({ play: pathIn(formNow()) });
    section.scrollIntoView();
    form.querySelector<HTMLInputElement>('[name=kind]:checked')?.focus({ preventScroll: true });
  };
}
