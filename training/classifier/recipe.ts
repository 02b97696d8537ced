/** How the classifier is built and trained. What a command may set has its default here. */

/** Outputs of the hidden layer: as many as the Worker's bundle has room for. */
export const HIDDEN_UNITS = 96;
/** Slope of LeakyReLU below zero. */
export const LEAKY_RELU_SLOPE = 0.2;
/** Images in a step. */
export const BATCH_SIZE = 128;
/** β1 of Adam. */
export const ADAM_BETA1 = 0.9;
/** Adam's learning rates in the first third of the epochs, the second, and the last. */
export const LEARNING_RATES = [1e-3, 3e-4, 1e-4] as const;
/** Each time an image is shown, it is moved by up to this many pixels in each direction. */
export const MAX_SHIFT = 1;
/** The images that quantization is calibrated on: the first of the training images. */
export const CALIBRATION_IMAGES = 5000;

/** What a training of the classifier can be given. */
export interface ClassifierSettings {
  /** Passes over the data. */
  readonly epochs: number;
  readonly seed: number;
}

export const DEFAULT_EPOCHS = 30;
