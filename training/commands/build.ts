/** `npm run build`: everything that the Worker and training need, and the package. Flags in, one call, exit code out. */

import { ASSETS } from '../bundle/assets.ts';
import { build } from '../bundle/build.ts';
import { SAMPLER_KERNEL, TRAINING_KERNELS } from '../bundle/kernels.ts';
import { MODEL } from '../bundle/model.ts';
import { OPENAPI } from '../bundle/openapi.ts';
import { PACKAGE } from '../bundle/package.ts';
import { PAGE } from '../bundle/page.ts';
import { runCommand } from '../cli/failure.ts';
import { type Flag, helpText, parseFlags } from '../cli/flags.ts';

const USAGE = 'npm run build -- [flags]';
const ABOUT =
  'Builds kernels, model, page, OpenAPI document, static assets and package, as far as what they are made from has changed.';

const TARGETS = {
  worker: [SAMPLER_KERNEL, MODEL, PAGE, OPENAPI, ASSETS],
  training: [TRAINING_KERNELS],
  package: [PACKAGE],
};

const flags = {
  only: {
    flag: 'only',
    placeholder: 'WHAT',
    default: null,
    shown: 'everything',
    about:
      'worker: what the Worker is built with; training: the kernels of training; package: the npm package',
    expected: 'worker, training or package',
    parse: (text) => (isTarget(text) ? text : undefined),
  } satisfies Flag<keyof typeof TARGETS | null>,
};

function isTarget(text: string): text is keyof typeof TARGETS {
  return Object.hasOwn(TARGETS, text);
}

await runCommand(async () => {
  const { values, help } = parseFlags(flags, process.argv.slice(2));
  if (help) {
    process.stdout.write(helpText(USAGE, ABOUT, flags));
    return 0;
  }
  await build(values.only === null ? Object.values(TARGETS).flat() : TARGETS[values.only]);
  return 0;
});
