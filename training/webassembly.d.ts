/**
 * WebAssembly as far as this project uses it: Node has it, but @types/node leaves it to the DOM's types.
 * https://webassembly.github.io/spec/js-api/
 */

declare namespace WebAssembly {
  type ExportValue = ((...parameters: never[]) => unknown) | Memory;
  type Exports = Readonly<Record<string, ExportValue>>;
  type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;

  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }

  class Instance {
    constructor(module: Module, imports?: Imports);
    readonly exports: Exports;
  }

  class Memory {
    /** Sizes in pages of 64 KiB. */
    constructor(descriptor: { initial: number; maximum?: number; shared?: boolean });
    readonly buffer: ArrayBuffer;
  }
}
