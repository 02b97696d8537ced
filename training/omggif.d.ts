/** What is used of omggif, which brings no types. */
declare module 'omggif' {
  export class GifReader {
    constructor(file: Uint8Array);
    readonly width: number;
    readonly height: number;
    numFrames(): number;
    /** 0 for ever, null where the file does not say. */
    loopCount(): number | null;
    frameInfo(frame: number): {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      /** In hundredths of a second. */
      readonly delay: number;
      /** Where the frame's codes begin in the file, with their smallest size. */
      readonly data_offset: number;
    };
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void;
  }
}
