import { describe, expect, test } from 'vitest';

import {
  type Status,
  createCounter,
  createProgress,
  duration,
} from '../../../training/cli/progress.ts';

function statusOf(step: number, epoch = 1): Status {
  return {
    epoch,
    epochs: 2,
    step,
    stepsPerEpoch: 100,
    discriminatorLoss: 0.625,
    generatorLoss: 1.25,
  };
}

/** What is shown for two epochs of 100 steps of `stepMs`. */
function shown(stepMs: number, output: { isTTY?: boolean; columns?: number }): string {
  let [text, nowMs] = ['', 0];
  const write = (more: string): void => {
    text += more;
  };
  const progress = createProgress({ ...output, write }, () => nowMs);
  for (const epoch of [1, 2]) {
    for (let step = 1; step <= 100; step++) {
      nowMs += stepMs;
      progress.stepped(statusOf(step, epoch));
    }
  }
  return text;
}

describe('on a terminal', () => {
  test('each epoch has a bar with rate and time left, on its own line', () => {
    const lines = shown(50, { isTTY: true, columns: 200 }).split('\n');
    expect(lines).toHaveLength(3);
    const last = lines.map((line) => line.split('\r').at(-1));
    expect(last[0]).toContain('epoch 1/2 ████████████████████ 100/100');
    expect(last[0]).toContain('losses 0.625 (D) 1.250 (G) · 20.0 steps/s, 5 s left');
    expect(last[1]).toContain('epoch 2/2 ████████████████████ 100/100');
    expect(last[1]).toContain('0 s left');
    expect(lines[0]).toContain('epoch 1/2 ██████████░░░░░░░░░░  51/100');
  });

  test('no line is wider than the terminal', () => {
    const pieces = shown(50, { isTTY: true, columns: 40 }).split(/[\r\n]/);
    for (const piece of pieces) expect(piece.replace('\u001B[K', '').length).toBeLessThan(40);
  });

  test('a message does not run into the bar', () => {
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    const progress = createProgress({ isTTY: true, write }, () => 0);
    progress.stepped(statusOf(1));
    progress.say('a word');
    expect(text.split('\n').slice(1)).toEqual(['a word', '']);
  });
});

/** What is shown after steps of 50 ms, with a second of other work in their midst. */
function linesWith(frechet: number | undefined): string[] {
  let [text, nowMs] = ['', 0];
  const write = (more: string): void => {
    text += more;
  };
  const progress = createProgress({ isTTY: true, columns: 200, write }, () => nowMs);
  for (const step of [1, 2, 3]) {
    nowMs += 50;
    progress.stepped({ ...statusOf(step), frechet });
    if (step === 2) {
      nowMs += 1000;
      progress.paused();
    }
  }
  nowMs += 50;
  progress.stepped({ ...statusOf(4), frechet });
  return text.split('\r').slice(1);
}

describe('a status', () => {
  test('has the newest Fréchet distance, if there is one', () => {
    expect(linesWith(12.345)[0]).toContain('1.250 (G) · Fréchet 12.35');
    expect(linesWith(undefined)[0]).not.toContain('Fréchet');
  });

  test('has a rate of steps alone, whatever was done between them', () => {
    expect(linesWith(undefined).at(-1)).toContain('20.0 steps/s');
  });
});

describe('without a terminal', () => {
  test('there is a plain line every ten seconds, and one at the end', () => {
    const lines = shown(250, {}).trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[1]).toBe(
      'epoch 1/2, step 41/100 · losses 0.625 (D) 1.250 (G) · 4.0 steps/s, 40 s left',
    );
    expect(lines[5]).toContain('epoch 2/2, step 100/100');
  });
});

describe('a duration', () => {
  test.each([
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 00 s'],
    [3599, '59 min 59 s'],
    [7500, '2 h 05 min'],
    [360_000, '100 h 00 min'],
  ])('of %d s reads %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

/** What is shown for 40 parts of half a second each. */
function counted(isTTY: boolean): string {
  let [text, nowMs] = ['', 0];
  const write = (more: string): void => {
    text += more;
  };
  const progress = createCounter({ isTTY, write }, { total: 40, name: 'parts' }, () => nowMs);
  for (let done = 1; done <= 40; done++) {
    nowMs += 500;
    progress(done);
  }
  return text;
}

describe('counted work', () => {
  test('is a bar with rate and time left on a terminal', () => {
    const shownBars = counted(true).split('\r');
    expect(shownBars[20]).toContain(
      '██████████░░░░░░░░░░ 20 of 40 parts · 2.00 parts/s, 10 s left',
    );
    expect(shownBars.at(-1)).toMatch(/40 of 40 parts.*\n$/s);
  });

  test('has its rate in plain numbers, however fast it is', () => {
    let [text, nowMs] = ['', 0];
    const write = (more: string): void => {
      text += more;
    };
    const digits = { total: 17_200, name: 'digits' };
    const progress = createCounter({ write }, digits, () => nowMs);
    nowMs += 5000;
    progress(17_200);
    expect(text).toBe('17200 of 17200 digits · 3,440 digits/s, 0 s left\n');
  });

  test('is a line every so often elsewhere', () => {
    expect(counted(false)).toBe(
      '20 of 40 parts · 2.00 parts/s, 10 s left\n40 of 40 parts · 2.00 parts/s, 0 s left\n',
    );
  });
});
