/**
 * What browsers and crawlers ask for by themselves, whatever the page says: an icon, an icon for a home screen, and
 * which paths a crawler may ask for. The icons are one digit of the model's. Not here: the page's own icon.
 */

import type { Context, Handler } from 'hono';

import { encodeIco } from '../encoders/ico.ts';
import { encodePng } from '../encoders/png/png.ts';
import { answer, type Headers } from '../http/answer.ts';
import type { AppEnv } from '../http/bindings.ts';
import { AN_HOUR, matchesEntityTag } from '../http/caching.ts';
import type { Model } from '../weights/model.ts';

const SEED = 'digitmint';
/** https://developer.apple.com/library/archive/documentation/AppleApplications/Reference/SafariWebContent/ConfiguringWebApplications */
const HOME_SCREEN_PIXELS = 180;
const ICON_PIXELS = 64;
/** The paths that versions of iOS have tried. */
export const HOME_SCREEN_ICON = ':icon{apple-touch-icon(?:-[0-9]+x[0-9]+)?(?:-precomposed)?\\.png}';

/** `/favicon.ico` */
export function favicon(model: Model): Handler<AppEnv> {
  return (c) =>
    unlessKnown(c, `favicon-${model.shownHash}`, 'image/x-icon', () => {
      const { png, ...size } = draw(model, ICON_PIXELS);
      return encodeIco(png, size);
    });
}

/** `/apple-touch-icon.png` and its variants; iOS scales whatever it gets. */
export function homeScreenIcon(model: Model): Handler<AppEnv> {
  return (c) =>
    unlessKnown(
      c,
      `icon-${model.shownHash}`,
      'image/png',
      () => draw(model, HOME_SCREEN_PIXELS).png,
    );
}

/** `/robots.txt`: everything is open, since those who show previews of links ask whether they may load the picture. */
export const robots: Handler<AppEnv> = (c) =>
  unlessKnown(c, 'robots', 'text/plain; charset=utf-8', () => 'User-agent: *\nDisallow:\n');

/** A digit, as large as fits into a square of so many pixels. */
function draw({ sampler, motif }: Model, side: number) {
  const { width, height } = motif;
  const scale = Math.max(1, Math.floor(side / Math.max(width, height)));
  const { pixels } = sampler.digit(SEED);
  const png = encodePng({ width, height, pixels }, { scale });
  return { png, width: width * scale, height: height * scale };
}

function unlessKnown(
  c: Context,
  tag: string,
  contentType: string,
  create: () => Uint8Array | string,
): Response {
  const headers: Headers & { readonly ETag: string } = {
    ETag: `"${tag}"`,
    'Cache-Control': AN_HOUR,
  };
  if (matchesEntityTag(c.req.header('If-None-Match'), headers.ETag)) {
    return c.body(null, 304, headers);
  }
  return answer(200, create(), { ...headers, 'Content-Type': contentType });
}
