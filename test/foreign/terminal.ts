/** xterm.js, the terminal of VS Code, without a screen. */

import { createRequire } from 'node:module';

import type * as Headless from '@xterm/headless';

// A CommonJS module whose exports Node does not find.
const { Terminal } = createRequire(import.meta.url)('@xterm/headless') as typeof Headless;

export interface Cell {
  readonly text: string;
  /** 0xRRGGBB; undefined for the terminal's own. */
  readonly foreground: number | undefined;
  readonly background: number | undefined;
}

/** What a terminal shows of a text, by line and column, down to the line the cursor ends in. */
export async function showInTerminal(
  text: string,
  size: { columns: number; lines: number },
): Promise<Cell[][]> {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.lines,
    convertEol: true,
    allowProposedApi: true,
  });
  await new Promise<void>((resolve) => terminal.write(text, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.baseY + active.cursorY + 1 }, (_, y) => {
    const line = active.getLine(y);
    if (!line) throw new RangeError(`the terminal has no line ${y}`);
    return Array.from({ length: size.columns }, (__, x): Cell => {
      const cell = line.getCell(x);
      if (!cell) throw new RangeError(`the terminal has no column ${x}`);
      return {
        text: cell.getChars(),
        foreground: cell.isFgRGB() ? cell.getFgColor() : undefined,
        background: cell.isBgRGB() ? cell.getBgColor() : undefined,
      };
    });
  });
  terminal.dispose();
  return lines;
}
