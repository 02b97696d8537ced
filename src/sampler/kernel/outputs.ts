/** The last step of four rows: whole sums → real numbers, in single float32 operations. */

/**
 * (sum + biases) · multipliers of four rows, each of whose sums is spread over four lanes.
 * @param biases int32 × 4
 * @param multipliers float32 × 4
 * @param output float32 × 4
 */
export function storeOutputs(
  row0: v128,
  row1: v128,
  row2: v128,
  row3: v128,
  biases: usize,
  multipliers: usize,
  output: usize,
): void {
  const first = pairSums(row0, row1);
  const second = pairSums(row2, row3);
  const products = i32x4.add(
    v128.shuffle<i64>(first, second, 0, 2),
    v128.shuffle<i64>(first, second, 1, 3),
  );
  const sums = i32x4.add(products, v128.load(biases));
  v128.store(output, f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(multipliers)));
}

/** a0 + a2, b0 + b2, a1 + a3, b1 + b3. */
function pairSums(a: v128, b: v128): v128 {
  return i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
}
