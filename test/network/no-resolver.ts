/**
 * Loaded before a program (node --import): cuts off the resolver of names, and writes each name that is looked up all the
 * same into the file $LOOKUPS, a line each. This machine's own name is resolved.
 */

import dns from 'node:dns';
import { appendFileSync } from 'node:fs';

const { lookup } = dns;

dns.lookup = ((name: string, ...rest: unknown[]) => {
  if (name === 'localhost' || /^[\d.]+$|:/.test(name)) {
    (lookup as (...args: unknown[]) => void)(name, ...rest);
    return;
  }
  appendFileSync(process.env['LOOKUPS'] ?? 'lookups', `${name}\n`);
  const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
  const callback = rest.at(-1) as (error: Error) => void;
  process.nextTick(callback, error);
}) as typeof dns.lookup;
