/** What the app names of the Workers' global types, for where it is imported in Node. */

type RateLimit = import('@cloudflare/workers-types').RateLimit;
type Fetcher = import('@cloudflare/workers-types').Fetcher;
