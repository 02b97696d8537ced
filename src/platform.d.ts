/** What of the Workers platform this project uses beyond the standards of the web. */

/** https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ */
interface RateLimit {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** Written by training/bundle/page.ts. */
declare module '*/build/page.js' {
  const bundle: import('./page/serve.ts').PageBundle;
  export default bundle;
}
