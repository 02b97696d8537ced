/** Files that wrangler bundles as they are (see the rules in wrangler.toml). */

declare module '*.wasm' {
  const module: WebAssembly.Module;
  export default module;
}

declare module '*.safetensors' {
  const bytes: ArrayBuffer;
  export default bytes;
}
