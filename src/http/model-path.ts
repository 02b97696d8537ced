/** Where models are among the static assets. Not here: how they are read. */

/** Where a model's file is. @param name 16 hex digits */
export function modelPath(name: string): string {
  return `/assets/models/${name}.safetensors`;
}
