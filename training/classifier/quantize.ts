/** The classifier's float file → the quantized file that ships. */

import { PIXEL_FRACTION_BITS } from '../../src/sampler/sampler.ts';
import type { LabelledDataset } from '../data/dataset.ts';
import { quantizeAndMeasure } from '../evaluation/quantized.ts';
import { parseNetwork } from '../quantization/float-file.ts';
import { accuracyOf } from './accuracy.ts';
import { INPUT_OF_GREY } from './pixels.ts';
import { CALIBRATION_IMAGES } from './recipe.ts';

/**
 * The quantized file, calibrated on training images, and the share of the test images that it gets right.
 * @param file the float file
 */
export function quantizeClassifier(
  file: Uint8Array,
  { train, test }: { train: LabelledDataset; test: LabelledDataset },
): { quantizedFile: Uint8Array; accuracy: number } {
  const pixels = train.images.subarray(0, CALIBRATION_IMAGES * train.width * train.height);
  const inputs = Float32Array.from(pixels, (level) => INPUT_OF_GREY[level]);
  const { quantizedFile, measured } = quantizeAndMeasure(
    file,
    parseNetwork(file, 'classifier'),
    { inputs, inputFractionBits: PIXEL_FRACTION_BITS },
    ({ classify }) => ({ testImages: test.count, accuracy: accuracyOf(test, classify) }),
  );
  return { quantizedFile, accuracy: measured.accuracy };
}
