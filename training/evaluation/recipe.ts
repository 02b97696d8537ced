/** How the feature network is built and trained: the classifier in whose features pictures are compared. */

/** Outputs of the two convolutions. */
export const CONVOLUTION_UNITS = [16, 32] as const;
/** Numbers that stand for a picture: the outputs of the layer before the last, before its LeakyReLU. */
export const FEATURES = 64;
/** The same in words. */
export const FEATURE_LAYER = `the ${FEATURES} outputs of the third of four layers of a convolutional classifier`;
/** The side, in pixels, of the squares that the first convolution covers; they are two pixels apart. */
export const KERNEL_SIDE = 6;
/** Slope of LeakyReLU below zero. */
export const LEAKY_RELU_SLOPE = 0.1;

/** Passes over the images that it learns from. */
export const EPOCHS = 12;
/** The least number of steps: small data sets are passed over more often. */
export const MIN_STEPS = 300;
/** Images in a step. */
export const BATCH_SIZE = 128;
/** β1 of Adam. */
export const ADAM_BETA1 = 0.9;
/** Adam's learning rates in the first third of the steps, the second, and the last. */
export const LEARNING_RATES = [2e-3, 1e-3, 2e-4] as const;
/** Each time an image is shown, it is moved by up to this many pixels in each direction. */
export const MAX_SHIFT = 1;

/** Digits that are compared with the real ones, unless other numbers are asked for. */
export const DEFAULT_SAMPLES = 10_000;
/** Where the latents of compared digits come from: the same for every generator. */
export const LATENTS_SEED = 'evaluation';
