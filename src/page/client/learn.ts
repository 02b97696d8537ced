/** How the generator learned: the same digits after some of its epochs, and what was measured on the way. Hidden where the server has no snapshots. */

import type { Digit } from '../../sampler/sampler.ts';
import type { Model } from '../../weights/model.ts';
import type { Address, State } from './address.ts';
import { createCurves, type Measured } from './curves.ts';
import { byId } from './dom.ts';
import { loadModel } from './load.ts';
import { paint } from './picture.ts';

const FOLDER = '/assets/snapshots/';
/** Two rows of ten. */
const DIGITS = 20;
const STEP_MS = 900;

/** index.json */
interface SnapshotIndex {
  readonly snapshots: readonly { readonly epoch: number; readonly file: string }[];
  readonly metrics: readonly Measured[];
}

export async function createLearning(
  kernel: Promise<WebAssembly.Module>,
  address: Address,
): Promise<void> {
  const { snapshots, metrics } = await loadIndex();
  if (snapshots.length === 0) return;
  const section = byId('learn', HTMLElement);
  const grid = byId('learn-pictures', HTMLElement);
  const slider = byId('learn-step', HTMLInputElement);
  const play = byId('learn-play', HTMLButtonElement);
  const note = byId('learn-state', HTMLElement);
  const canvases = Array.from({ length: DIGITS }, () => document.createElement('canvas'));
  grid.append(...canvases);
  const last = snapshots.length - 1;
  slider.max = `${last}`;
  const mark = createCurves(byId('learn-curves', HTMLElement), metrics);
  /** Loaded when first shown. */
  const loaded = new Map<number, Promise<Model>>();
  let playing: ReturnType<typeof setTimeout> | undefined;
  /** Before anything is, -1. */
  let wanted = -1;

  function load(index: number): Promise<Model> {
    const known = loaded.get(index);
    if (known) return known;
    const loading = loadModel(kernel, FOLDER + snapshots[index].file);
    loaded.set(index, loading);
    // What did not come may come the next time.
    loading.catch(() => loaded.delete(index));
    return loading;
  }

  /** @returns whether it is still what is wanted once it has come */
  async function show(index: number): Promise<boolean> {
    wanted = index;
    const { epoch } = snapshots[index];
    slider.value = `${index}`;
    slider.ariaValueText = `after epoch ${epoch}`;
    mark(epoch);
    grid.ariaBusy = 'true';
    if (!loaded.has(index)) {
      note.textContent = `Loading the network as it was after epoch ${epoch} …`;
    }
    try {
      const model = await load(index);
      if (wanted !== index) return false;
      for (const [i, digit] of digitsOf(model).entries()) {
        paint(canvases[i], digit.pixels, model.motif);
      }
      grid.ariaLabel = `${DIGITS} pictures after epoch ${epoch}`;
      note.textContent = sentence(epoch, model, metrics);
    } catch {
      if (wanted === index) {
        note.textContent = `The network of epoch ${epoch} did not come; try once more.`;
      }
    }
    grid.ariaBusy = 'false';
    return wanted === index;
  }

  function stop(): void {
    clearTimeout(playing);
    playing = undefined;
    play.textContent = 'Play';
  }

  async function advance(index: number): Promise<void> {
    const isShown = await show(index);
    if (!isShown || playing === undefined) return;
    if (index === last) stop();
    else playing = setTimeout(() => void advance(index + 1), STEP_MS);
  }

  play.addEventListener('click', () => {
    if (playing !== undefined) {
      stop();
      return;
    }
    play.textContent = 'Pause';
    const at = slider.valueAsNumber;
    playing = setTimeout(() => void advance(at === last ? 0 : at + 1), 0);
  });
  slider.addEventListener('input', () => {
    stop();
    void show(slider.valueAsNumber);
    address.replace({ epoch: `${snapshots[slider.valueAsNumber].epoch}` });
  });

  const apply = ({ epoch }: State): void => {
    const index = snapshots.findIndex((each) => `${each.epoch}` === epoch);
    if (index >= 0 && index !== slider.valueAsNumber) {
      stop();
      void show(index);
    }
  };
  section.hidden = false;
  /** Weights are large, so nobody loads those of a section that they do not come to. */
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    const index = snapshots.findIndex(({ epoch }) => `${epoch}` === address.state().epoch);
    // Unless somebody has begun to play already.
    if (wanted < 0 && playing === undefined) void show(Math.max(0, index));
    address.onTravel(apply);
  });
  observer.observe(grid);
}

async function loadIndex(): Promise<SnapshotIndex> {
  const nothing = { snapshots: [], metrics: [] };
  const response = await fetch(`${FOLDER}index.json`).catch(() => undefined);
  if (!response?.ok) return nothing;
  return (await response.json().catch(() => nothing)) as SnapshotIndex;
}

/** The same latents whatever the epoch, and of a conditional generator each class in turn. */
function digitsOf({ sampler, motif, isConditional }: Model): Digit[] {
  const { length } = motif.classes;
  return Array.from({ length: DIGITS }, (_, i) =>
    sampler.digit(`learning ${i}`, {
      raw: true,
      ...(isConditional && { label: i % length }),
    }),
  );
}

function sentence(epoch: number, model: Model, metrics: readonly Measured[]): string {
  const { motif } = model;
  const confident = digitsOf(model).filter(({ confidence = 0 }) => confidence >= 0.9).length;
  const frechet = metrics.find((line) => line.epoch === epoch)?.frechet;
  const epochs = epoch === 1 ? 'one epoch' : `${epoch} epochs`;
  const read =
    motif.classes.length === 0 ? '' : ` The classifier is sure of ${confident} of the ${DIGITS}.`;
  const distance = frechet === undefined ? '' : ` Fréchet distance ${frechet.toFixed(1)}.`;
  return `After ${epochs}.${read}${distance}`;
}
