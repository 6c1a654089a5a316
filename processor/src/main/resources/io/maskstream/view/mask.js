// Masks: runs to classes, classes to colours.

export const IGNORED = 255;

/** The class of every pixel; runs are one byte for each class, then lengths as LEB128 numbers. */
export function decode(header, bytes, into) {
  const pixels = header.width * header.height;
  const classes = into?.length === pixels ? into : new Uint8Array(pixels);
  let at = header.runs;
  let position = 0;
  for (let run = 0; run < header.runs; run++) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      length |= (byte & 127) << shift;
      if (byte < 128) {
        break;
      }
    }
    classes.fill(bytes[run], position, (position += length));
  }
  return classes;
}

/** Paints every pixel in its class's colour. */
export function fill(classes, colors, pixels) {
  for (let i = 0; i < classes.length; i++) {
    pixels[i] = colors[classes[i]];
  }
}

/** Paints the pixels that have a neighbour of another class. */
export function outline(classes, width, colors, pixels) {
  for (let i = 0; i < classes.length; i++) {
    const own = classes[i];
    const edge = (classes[i + 1] ?? own) !== own || (classes[i + width] ?? own) !== own
      || (classes[i - 1] ?? own) !== own || (classes[i - width] ?? own) !== own;
    pixels[i] = edge ? colors[own] : 0;
  }
}

/** The share of pixels on which two masks agree; undefined where they cannot be compared. */
export function agreement(one, other) {
  if (!one || !other || one.length !== other.length) {
    return undefined;
  }
  let same = 0;
  for (let i = 0; i < one.length; i++) {
    same += one[i] === other[i] ? 1 : 0;
  }
  return same / one.length;
}
