/** What everybody knows of a digit: how large its picture is, how many classes there are. */

/** A digit's picture is that many pixels wide and high. */
export const DIGIT_SIDE = 28;
/** Grey levels of one digit, row by row; 0 is paper, 255 is ink. */
export const DIGIT_PIXELS = DIGIT_SIDE * DIGIT_SIDE;
/** The classes of digits are 0 … 9. */
export const CLASSES = 10;
/** With so many decimals a confidence is shown. */
export const CONFIDENCE_DECIMALS = 4;
