/**
 * What the page shows, in the fragment of its address, which no server sees: so that a link shows the same, and the
 * browser's back and forward go from one sight to the next. Not here: what the values mean.
 */

/** In this order they are written. */
const NAMES = [
  'model',
  'wall',
  'only',
  'digit',
  'latent',
  'label',
  'play',
  'from',
  'to',
  'step',
  'change',
  'as',
  'by',
  'epoch',
] as const;

/** By name; what is not said is up to the page. */
export type State = Readonly<Partial<Record<(typeof NAMES)[number], string>>>;
/** What becomes different; undefined takes a value away. */
export type Changes = { readonly [Name in keyof State]?: string | undefined };

export interface Address {
  state(): State;
  /** Says something new, to which the browser's back leads back. */
  push(changes: Changes): void;
  /** Says something new in place of what was said, once nothing more has changed for a moment. */
  replace(changes: Changes): void;
  /** Calls on back and forward, and where somebody edits the address. */
  onTravel(listener: (state: State) => void): void;
}

/** Browsers refuse an address that changes as often as a slider moves. */
const PAUSE_MS = 250;

export function createAddress(): Address {
  let state = read();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const listeners: ((state: State) => void)[] = [];

  function change(changes: Changes): boolean {
    const merged: Changes = { ...state, ...changes };
    const kept = NAMES.filter((name) => merged[name] !== undefined && merged[name] !== '');
    const before = write(state);
    state = Object.fromEntries(kept.map((name) => [name, merged[name]]));
    return write(state) !== before;
  }

  function settle(): void {
    clearTimeout(waiting);
    waiting = undefined;
    history.replaceState(null, '', write(state));
  }

  addEventListener('popstate', () => {
    clearTimeout(waiting);
    waiting = undefined;
    state = read();
    for (const listener of listeners) listener(state);
  });
  return {
    state: () => state,
    push(changes) {
      if (waiting !== undefined) settle();
      if (change(changes)) history.pushState(null, '', write(state));
    },
    replace(changes) {
      if (!change(changes)) return;
      clearTimeout(waiting);
      waiting = setTimeout(settle, PAUSE_MS);
    },
    onTravel(listener) {
      listeners.push(listener);
    },
  };
}

function read(): State {
  const given = new URLSearchParams(location.hash.slice(1));
  const pairs = NAMES.flatMap((name) => {
    const value = given.get(name);
    return value ? [[name, value] as const] : [];
  });
  return Object.fromEntries(pairs);
}

function write(state: State): string {
  const pairs = new URLSearchParams(state).toString();
  return `${location.pathname}${location.search}${pairs === '' ? '' : `#${pairs}`}`;
}
