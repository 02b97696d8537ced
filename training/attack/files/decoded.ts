/** What fast-png gives, as colours and opacities. */

/** Of either kind of file, decoded. */
interface Decoded {
  readonly data: ArrayLike<number>;
  readonly channels: number;
  /** Red, green, blue and, where some are not opaque, opacity of each index. */
  readonly palette?: readonly (readonly number[])[] | undefined;
}

/** Red, green, blue and opacity of each pixel. */
export function coloursOf({ data, channels, palette }: Decoded): Uint8Array {
  if (channels !== 1) throw new Error(`found ${channels} channels, expected 1`);
  const colours = new Uint8Array(data.length * 4);
  for (let i = 0; i < data.length; i++) {
    const [red, green, blue, opacity = 255] = palette
      ? palette[data[i]]
      : [data[i], data[i], data[i]];
    colours.set([red, green, blue, opacity], 4 * i);
  }
  return colours;
}

/** Colours as they are where nothing shines through, darker where something does. */
export function premultiplied(pixels: Uint8Array): Uint8Array {
  return pixels.map((value, i) =>
    i % 4 === 3 ? value : Math.round((value * pixels[i | 3]) / 255),
  );
}
