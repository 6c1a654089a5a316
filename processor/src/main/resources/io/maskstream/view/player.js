// Decodes the pictures of one camera, each with its masks beside it. Holds few pictures: what comes
// faster than it can be decoded is dropped up to the next keyframe.

const MOST_QUEUED = 60;
const supported = new Map();

export const webCodecs = typeof VideoDecoder === 'function';

export class Player {
  /**
   * @param show takes (message, VideoFrame or ImageBitmap) in presentation order, and closes it
   * @param cannot is told once why this browser cannot decode the camera
   */
  constructor(show, cannot) {
    this.show = show;
    this.cannot = cannot;
    this.pending = new Map();
    this.dropped = 0;
    this.line = Promise.resolve();
    this.waiting = 0;
  }

  add(message) {
    if (this.failed) {
      return;
    }
    if (message.header.type.startsWith('image/')) {
      this.picture(message);
    } else {
      this.video(message);
    }
  }

  close() {
    this.failed = true;
    this.end();
  }

  picture(message) {
    if (this.waiting > 4) {
      this.dropped++;
      return;
    }
    this.waiting++;
    const blob = new Blob([message.data], { type: message.header.type });
    this.line = this.line
      .then(() => createImageBitmap(blob))
      .then((bitmap) => (this.failed ? bitmap.close() : this.show(message, bitmap)))
      .catch((error) => this.fail(error))
      .finally(() => this.waiting--);
  }

  video(message) {
    const { header } = message;
    if (header.keyframe && (header.session_id !== this.session || header.type !== this.type)) {
      this.begin(message);
      return;
    }
    if (this.asking) {
      this.asking.push(message);
      return;
    }
    if (header.keyframe) {
      this.behind = false;
    } else if (this.decoder && this.decoder.decodeQueueSize > MOST_QUEUED) {
      this.behind = true;
    }
    if (!this.decoder || this.behind || header.session_id !== this.session) {
      this.dropped++;
      return;
    }
    this.decode(message);
  }

  /** A new session, or another coding: a decoder of its own, if the browser has one. */
  async begin(message) {
    const { header } = message;
    this.end();
    this.session = header.session_id;
    this.type = header.type;
    if (!webCodecs || !header.type) {
      this.fail(webCodecs ? 'this browser has no decoder for it' : '');
      return;
    }
    const asking = (this.asking = [message]);
    const config = { codec: header.type, optimizeForLatency: true };
    if (!supported.has(header.type)) {
      supported.set(header.type, VideoDecoder.isConfigSupported(config).then(
        (answer) => answer.supported, () => false));
    }
    const can = await supported.get(header.type);
    if (this.asking !== asking) {
      return;
    }
    this.asking = undefined;
    if (!can) {
      this.fail(`this browser has no decoder for ${header.type}`);
      return;
    }
    const decoder = new VideoDecoder({
      output: (frame) => this.output(decoder, frame),
      error: (error) => decoder === this.decoder && this.fail(error),
    });
    decoder.configure(config);
    this.decoder = decoder;
    asking.forEach((each) => this.decode(each));
  }

  decode(message) {
    if (this.decoder?.state !== 'configured') {
      return;
    }
    const { header, data } = message;
    const type = header.keyframe ? 'key' : 'delta';
    this.pending.set(header.timestamp, message);
    if (this.pending.size > 2 * MOST_QUEUED) { // access units that gave no picture
      this.pending.delete(this.pending.keys().next().value);
    }
    this.decoder.decode(new EncodedVideoChunk({ type, timestamp: header.timestamp, data }));
  }

  output(decoder, frame) {
    const message = this.pending.get(frame.timestamp);
    this.pending.delete(frame.timestamp);
    if (message && decoder === this.decoder) {
      this.show(message, frame);
    } else {
      frame.close();
    }
  }

  end() {
    if (this.decoder && this.decoder.state !== 'closed') {
      this.decoder.close();
    }
    this.decoder = undefined;
    this.asking = undefined;
    this.pending.clear();
  }

  fail(reason) {
    if (!this.failed) {
      this.close();
      this.cannot(String(reason?.message ?? reason));
    }
  }
}
