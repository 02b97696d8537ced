/** Emscripten's factory for tfjs's WASM backend, as far as it is used here. */
declare module '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js' {
  import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';

  type Module = BackendWasm['wasm'] & {
    cwrap(name: string, returns: 'number' | null, takes: string[]): () => number;
  };
  export default function createModule(settings: {
    instantiateWasm(
      imports: WebAssembly.Imports,
      done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }): Promise<Module>;
}
