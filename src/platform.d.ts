/** What is built before the Worker is. */

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
