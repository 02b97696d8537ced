/** Where the app is mounted in one around it, as the package's users may do (https://hono.dev/docs/api/routing#grouping). */

import type { Context } from 'hono';
import { basePath } from 'hono/route';

/** What permalinks begin with: nothing, or a path such as /digits. */
export function mountPathOf(c: Context): string {
  const path = basePath(c);
  return path.endsWith('/') ? path.slice(0, -1) : path;
}
