/** The package as npm packs it, installed into empty projects, without a network. */

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { onTestFinished } from 'vitest';

export const ROOT = join(import.meta.dirname, '../..');

/** On Windows, npm is a script that only a shell finds. */
export const shell = process.platform === 'win32';

/** The tarball. vitest has built what goes into it. */
export function pack(): { tarball: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'digitmint-'));
  const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder];
  execFileSync('npm', args, { cwd: ROOT, shell });
  const [name] = readdirSync(folder);
  return {
    tarball: join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/**
 * An empty project with the package in it; it is gone after the test.
 * @param files of the project, by name
 * @param links packages of this project that it has as well
 */
export function projectWith(
  tarball: string,
  files: Readonly<Record<string, string>>,
  links: readonly string[] = [],
): string {
  const folder = mkdtempSync(join(tmpdir(), 'digitmint-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), '{"private": true, "type": "module"}');
  const quiet = ['--offline', '--no-audit', '--no-fund', '--no-package-lock', '--silent'];
  execFileSync('npm', ['install', ...quiet, tarball], { cwd: folder, shell });
  for (const name of links) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), link, 'junction');
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** The Node that this machine has of its own, outside of any project, if it has one that fits. */
export function ownNode(): string | undefined {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path) && majorOf(path) >= 20);
}

function majorOf(node: string): number {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  return Number.parseInt(version.slice(1), 10);
}
