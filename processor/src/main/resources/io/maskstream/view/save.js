// Files of what a frozen tile shows.

function download(name, blob) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function blobOf(canvas, type) {
  return new Promise((resolve) => canvas.toBlob(resolve, type, 0.92));
}

/** The mask as a PNG whose grey values are class ids. */
function classPicture({ width, height }, classes) {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  new Uint32Array(image.data.buffer).set(
    Uint32Array.from(classes, (id) => 0xff000000 | id << 16 | id << 8 | id));
  canvas.getContext('2d').putImageData(image, 0, 0);
  return blobOf(canvas, 'image/png');
}

/** @param kind picture, mask or statistics, of the tile's picture */
export async function save(kind, tile) {
  const { header } = tile.shown;
  const name = `${header.camera_id}_${header.sequence}`.replace(/[^A-Za-z0-9_-]/g, '-');
  if (kind === 'picture') {
    download(`${name}.jpg`, await blobOf(tile.picture, 'image/jpeg'));
  } else if (kind === 'mask' && tile.classes) {
    download(`${name}-mask.png`, await classPicture(header.mask, tile.classes));
  } else if (kind === 'statistics') {
    const { palette, ...facts } = header;
    download(`${name}.json`, new Blob([JSON.stringify(facts, null, 2)], { type: 'application/json' }));
  }
}
