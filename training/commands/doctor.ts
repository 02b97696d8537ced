/** `npm run doctor`: what this machine offers. Flags in, one report, exit code out. */

import { runCommand } from '../cli/failure.ts';
import { helpText, parseFlags } from '../cli/flags.ts';
import { edgeLines } from '../doctor/edge.ts';
import { engineLines } from '../doctor/engine.ts';
import { reportOf } from '../doctor/line.ts';
import { trainingLines } from '../doctor/training.ts';

const USAGE = 'npm run doctor';
const ABOUT =
  'Says what this machine offers: its engine, the time of a training step and of a whole training, and the\n' +
  "Worker against the platform's limits. Takes about 15 seconds. The exit code is 1 if something is missing.";

await runCommand(async () => {
  const { help } = parseFlags({}, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, {}));
    return 0;
  }
  // Training first: memory is counted for the whole process.
  const lines = [...engineLines(), ...(await trainingLines()), ...(await edgeLines())];
  process.stdout.write(reportOf(lines));
  return lines.some(({ verdict }) => verdict === 'missing') ? 1 : 0;
});
