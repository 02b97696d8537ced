/** Whose code is in a bundle, and the licenses that have to come along with it. Not here: code of this project. */

import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The folder of a package, and its name. */
const PACKAGE_OF_MODULE = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/;

/**
 * What the authors of bundled packages ask for: that their licenses come along.
 * @param modules absolute paths; those of no package have no notice
 */
export function noticesOf(modules: readonly string[]): string {
  const folders = new Map<string, string>();
  for (const module of modules) {
    const found = PACKAGE_OF_MODULE.exec(module);
    if (found) folders.set(found[1].replace('\\', '/'), found[0]);
  }
  const licenses = [...folders.keys()].toSorted().map((name) => {
    const folder = folders.get(name) ?? '';
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) ?? 'LICENSE';
    return `${name}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
  });
  return licenses.join('\n----\n\n');
}

/** The modules of which something is left in a bundle of these entries. */
export async function modulesIn(entries: readonly string[], root: string): Promise<string[]> {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    bundle: true,
    minify: true,
    format: 'esm',
    outdir: 'build',
    write: false,
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => resolve(root, path));
}
