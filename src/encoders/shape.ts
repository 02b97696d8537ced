/** @throws {RangeError} if there is not as much data as the shape says */
export function checkShape(shape: readonly number[], data: Uint8Array): void {
  const expected = shape.reduce((product, size) => product * size, 1);
  if (data.length === expected) return;
  throw new RangeError(
    `there are ${data.length} bytes, expected ${expected} for the shape ${shape.join(' × ')}`,
  );
}
