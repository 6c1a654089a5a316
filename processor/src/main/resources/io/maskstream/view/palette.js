// The colour of every class.

import { IGNORED } from './mask.js';

// Okabe and Ito's eight, then Tol's "muted": told apart with every kind of colour blindness.
const SAFE = ['56b4e9', 'e69f00', '009e73', 'f0e442', '0072b2', 'd55e00', 'cc79a7', '332288',
  '88ccee', '44aa99', '117733', '999933', 'ddcc77', 'cc6677', '882255', 'aa4499', 'dddddd'];

const safe = (id) => SAFE[id % SAFE.length];

/** rrggbb of a class: the release's own, or one that the colour-blind can tell apart. */
export function color(palette, id, colorBlind) {
  return colorBlind || !palette ? safe(id) : palette.slice(6 * id, 6 * id + 6);
}

/** All 256 as a canvas keeps them in memory (little-endian: alpha, blue, green, red). */
export function table(palette, hidden, colorBlind) {
  return Uint32Array.from({ length: 256 }, (_, id) => {
    if (id === IGNORED || hidden.has(id)) {
      return 0;
    }
    const rgb = parseInt(color(palette, id, colorBlind), 16);
    return (0xff000000 | (rgb & 0xff) << 16 | rgb & 0xff00 | rgb >> 16) >>> 0;
  });
}
