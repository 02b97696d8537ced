/** What is built before the Worker and the package are. */

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

/** Written by training/bundle/assets.ts. */
declare module '*/build/earlier.js' {
  const models: readonly import('./weights/earlier.ts').ListedModel[];
  export default models;
}

/** Written by training/bundle/inlined.ts: files in base64. */
declare module '*/build/inlined.js' {
  export const RELAXED_KERNEL: string;
  export const PLAIN_KERNEL: string;
  export const MODEL: string;
}
