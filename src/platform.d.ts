/** What this project uses of the Workers platform beyond the standards of the web. */

/** https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/ */
interface RateLimit {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

/** Written by training/bundle/page.ts. */
declare module '*/build/page.js' {
  const page: import('./page/serve.ts').PageBundle;
  export default page;
}

/** Written by training/bundle/openapi.ts. */
declare module '*/build/openapi.js' {
  /** As http/openapi.ts takes it. */
  const document: string;
  export default document;
}
