// Reads the stream of /api/v1/live: a 32-bit length, a 32-bit length of the header, the header
// (JSON), and the parts whose lengths the header names. Big-endian.

const text = new TextDecoder();

/** The address of one stream for all these cameras. */
export function address(cameras, jpeg) {
  const list = (names) => [...names].map(encodeURIComponent).join(',');
  return `/api/v1/live?cameras=${list(cameras)}` + (jpeg.length ? `&jpeg=${list(jpeg)}` : '');
}

/** Yields messages until the server or the signal ends it: {header, data, mask, candidate}. */
export async function* messages(url, signal) {
  const response = await fetch(url, { signal, cache: 'no-store' });
  if (!response.ok) {
    throw new Error((await response.text()).trim() || `status ${response.status}`);
  }
  const reader = response.body.getReader();
  let buffer = new Uint8Array(1 << 18);
  let start = 0;
  let end = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    if (end + value.length > buffer.length) {
      const kept = buffer.subarray(start, end);
      const room = kept.length + value.length;
      const next = room > buffer.length ? new Uint8Array(2 * room) : buffer;
      next.set(kept);
      buffer = next;
      end -= start;
      start = 0;
    }
    buffer.set(value, end);
    end += value.length;
    const view = new DataView(buffer.buffer);
    while (end - start >= 4 && end - start >= 4 + view.getUint32(start)) {
      const size = view.getUint32(start);
      yield message(buffer.slice(start + 4, start + 4 + size));
      start += 4 + size;
    }
  }
}

function message(bytes) {
  const length = new DataView(bytes.buffer).getUint32(0);
  const header = JSON.parse(text.decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  const part = (size) => bytes.subarray(at, (at += size));
  return {
    header,
    data: part(header.data ?? 0),
    mask: part(header.mask?.bytes ?? 0),
    candidate: part(header.candidate?.bytes ?? 0),
  };
}
