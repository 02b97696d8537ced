/**
 * Who shows a preview of a link: chats, social networks, search engines. Most of them ask for any type, as curl does, and
 * look for a title, a text and a picture in HTML. They are told by their names, so that everybody else who names no type
 * still gets a picture.
 */

import type { Context } from 'hono';

import { boundedHeader, MAX_USER_AGENT_LENGTH } from './header.ts';
import { allows } from './negotiation.ts';
import { Problem } from './problem.ts';
import { queryOf } from './query.ts';

/**
 * Names of agents that read HTML. Slackbot, Discordbot, Twitterbot, TelegramBot, LinkedInBot, Googlebot and the like end
 * in "bot"; messages of Apple's call themselves Facebook's and Twitter's, Signal calls itself WhatsApp. Proxies that only
 * fetch pictures (Slack-ImgProxy, GoogleImageProxy, github-camo) are none of them.
 */
const AGENTS =
  /bot\b|facebookexternalhit|WhatsApp|SkypeUriPreview|Mastodon|Cardyb|URLPreview|Synapse|vkShare|Viber|Embedly|Iframely|Nextcloud/i;

/**
 * Whether a request is that of a preview, for a path with a page. With a seed or a latent it is not: that is one digit, which caches
 * keep without regard to who asks.
 */
export function isPreview(c: Context): boolean {
  const agent = boundedHeader(c.req.header('User-Agent'), MAX_USER_AGENT_LENGTH);
  if (agent === undefined || !AGENTS.test(agent)) return false;
  const query = new URLSearchParams(queryOf(c.req.url));
  return allows(c, 'text/html') && !query.has('seed') && !query.has('latent');
}

/**
 * The origin that a request was sent to. Only for answers that no cache keeps, since nothing vouches for it.
 * @throws Problem 400 if it is malformed
 */
export function askedOriginOf({ req }: Context): string {
  if (!URL.canParse(req.url)) throw new Problem(400, 'Host is malformed.');
  return new URL(req.url).origin;
}
