// One camera: its newest picture with the mask of the same moment, and how it fares.

import { Chart } from './chart.js';
import { agreement, decode, fill, outline } from './mask.js';
import * as palette from './palette.js';
import { save } from './save.js';

const MOST_READY = 12;
const AFTER_A_JAM = 4;
const STALE_MS = 3000;
const CATCH_UP_MS = 3000;

export class Tile {
  /** @param look what the whole page shows: {hidden, colorBlind, outline, masks, split, frozen} */
  constructor(camera, look) {
    this.camera = camera;
    this.look = look;
    this.ready = [];
    this.painted = 0;
    this.drops = 0;
    this.names = new Map();
    this.element = document.getElementById('tile').content.firstElementChild.cloneNode(true);
    const one = (selector) => this.element.querySelector(selector);
    this.picture = one('.picture');
    this.mask = one('.mask');
    this.candidate = one('.candidate');
    this.stage = one('.stage');
    this.tip = one('.tip');
    this.chart = new Chart(one('.chart'));
    one('h3').textContent = camera;
    this.element.setAttribute('aria-label', `camera ${camera}`);
    this.stage.addEventListener('pointermove', (event) => this.hover(event));
    this.stage.addEventListener('pointerleave', () => (this.tip.hidden = true));
    one('.divider').addEventListener('pointerdown', (event) => this.drag(event));
    one('.divider').addEventListener('click', (event) => event.stopPropagation());
    one('.save').addEventListener('click', (event) => {
      event.stopPropagation();
      if (event.target.dataset.save && this.shown) {
        save(event.target.dataset.save, this);
      }
    });
  }

  /** A stream begins: with the pictures since the last keyframe, which nobody wants to see one by one. */
  begin() {
    this.caughtUp = Date.now() + CATCH_UP_MS;
    this.session = undefined;
  }

  /** Takes a decoded picture; closes it when it is painted, or passed over. */
  add(message, source) {
    this.count(message.header);
    if (this.closed || this.look.frozen) {
      source.close();
      return;
    }
    this.ready.push({ message, source });
    if (this.ready.length > MOST_READY) {
      const passed = this.ready.splice(0, MOST_READY - AFTER_A_JAM);
      passed.forEach((each) => each.source.close());
      this.drops += Date.now() > this.caughtUp ? passed.length : 0;
    }
  }

  /** Paints the next picture if its time has come. Masks come in bursts, one for each commit. */
  tick(now) {
    const next = this.ready[0];
    if (!next || this.look.frozen) {
      return;
    }
    const gap = (next.message.header.timestamp - (this.shown?.header.timestamp ?? -Infinity)) / 1000;
    const pace = this.ready.length > 6 ? 0 : this.ready.length > 3 ? 0.7 : 0.95;
    const due = this.at + Math.min(gap, 200) * pace;
    if (gap > 0 && now < due) {
      return;
    }
    // A picture that is late by less than one of its own moves the clock on by no more than its time.
    this.at = now - due < gap ? due : now;
    this.ready.shift();
    this.paint(next);
    this.painted++;
    this.paintedAt = Date.now();
  }

  /** Paints the masks anew, in other colours. */
  repaint() {
    if (!this.shown) {
      return;
    }
    const colors = palette.table(this.palette, this.look.hidden, this.look.colorBlind);
    const { mask, candidate } = this.shown.header;
    this.classes = this.lay(this.mask, mask, this.shown.mask, colors, this.classes);
    this.others = this.lay(this.candidate, candidate, this.shown.candidate, colors, this.others);
    this.parted = this.look.split && Boolean(this.others);
    this.element.classList.toggle('parted', this.parted);
    this.element.querySelector('.divider').hidden = !this.parted;
    this.say('.left-release', this.parted ? release(mask) : '');
    this.say('.right-release', this.parted ? release(candidate) : '');
  }

  /** Once a second: the badges and the chart. */
  second(elapsed) {
    const { header } = this.shown ?? {};
    const quiet = Date.now() - (this.paintedAt ?? 0);
    const stale = !this.look.frozen && quiet > STALE_MS;
    this.fps = this.painted * 1000 / elapsed;
    this.painted = 0;
    this.element.classList.toggle('stale', Boolean(header) && stale);
    this.say('.wait', !header ? 'waiting for a keyframe'
      : stale ? `no picture for ${Math.round(quiet / 1000)} s`
        : header.mask?.marker ? `no mask: ${words(header.mask.marker.reason)}`
          : header.mask ? '' : 'no mask yet');
    if (!header || this.look.frozen) {
      return;
    }
    const micros = header.latency?.end_to_end_micros;
    const lag = header.age_ms + (this.paintedAt - this.shown.received);
    this.say('.fps', `${this.fps.toFixed(0)} fps`);
    this.say('.latency', micros === undefined ? '' : `${(micros / 1000).toFixed(0)} ms`);
    this.say('.lag', `lag ${(lag / 1000).toFixed(1)} s`).classList.toggle('bad', lag > 3000);
    this.say('.drops', `${this.drops} drops`).classList.toggle('bad', this.drops > 0);
    this.say('.release', this.parted
      ? `${release(header.mask)} | ${release(header.candidate)} agree on ${this.agreed()}`
      : release(header.mask));
    this.chart.add(header.classes);
    this.drawChart();
  }

  drawChart() {
    this.chart.draw((id) => palette.color(this.palette, id, this.look.colorBlind), this.look.hidden);
  }

  freeze(frozen) {
    this.element.querySelector('.save').hidden = !frozen;
  }

  close() {
    this.closed = true;
    this.ready.forEach(({ source }) => source.close());
    this.ready = [];
    this.element.remove();
  }

  paint({ message, source }) {
    const { header } = message;
    this.shown = message;
    this.palette = header.palette ?? this.palette;
    (header.classes ?? []).forEach((each) => this.names.set(each.class_id, each.class_name));
    const width = source.displayWidth ?? source.width;
    const height = source.displayHeight ?? source.height;
    const turned = header.rotation_degrees % 180 !== 0;
    this.size(turned ? height : width, turned ? width : height);
    const context = this.picture.getContext('2d', { alpha: false });
    context.save();
    context.translate(this.picture.width / 2, this.picture.height / 2);
    context.rotate(header.rotation_degrees * Math.PI / 180);
    context.drawImage(source, -width / 2, -height / 2, width, height);
    context.restore();
    source.close();
    this.repaint();
  }

  size(width, height) {
    if (this.picture.width !== width || this.picture.height !== height) {
      Object.assign(this.picture, { width, height });
      this.stage.style.setProperty('--aspect', width / height);
    }
  }

  /** Paints a mask on its canvas. @return the class of every pixel; undefined without a mask */
  lay(canvas, header, bytes, colors, before) {
    const context = canvas.getContext('2d');
    if (!header?.width) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return undefined;
    }
    if (canvas.image?.width !== header.width || canvas.image?.height !== header.height) {
      Object.assign(canvas, { width: header.width, height: header.height });
      canvas.image = new ImageData(header.width, header.height);
      canvas.pixels = new Uint32Array(canvas.image.data.buffer);
    }
    const classes = decode(header, bytes, before);
    if (this.look.outline) {
      outline(classes, header.width, colors, canvas.pixels);
    } else {
      fill(classes, colors, canvas.pixels);
    }
    context.putImageData(canvas.image, 0, 0);
    return classes;
  }

  /** Counts pictures of the session that never came. B-frames come out of order. */
  count({ session_id: session, sequence }) {
    if (session !== this.session) {
      this.session = session;
      this.first = sequence;
      this.highest = sequence;
      this.received = 0;
      this.gapsBefore = 0;
    }
    this.received++;
    this.highest = Math.max(this.highest, sequence);
    const gaps = Math.max(0, this.highest - this.first + 1 - this.received - 16);
    this.drops += Math.max(0, gaps - this.gapsBefore);
    this.gapsBefore = Math.max(gaps, this.gapsBefore);
  }

  hover(event) {
    const box = this.stage.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width;
    const y = (event.clientY - box.top) / box.height;
    const right = this.parted && x * 100 > this.parting();
    const header = right ? this.shown?.header.candidate : this.shown?.header.mask;
    const classes = right ? this.others : this.classes;
    if (!classes || x < 0 || y < 0 || x >= 1 || y >= 1) {
      this.tip.hidden = true;
      return;
    }
    const id = classes[Math.floor(y * header.height) * header.width + Math.floor(x * header.width)];
    const area = right ? undefined : this.shown.header.classes?.find((each) => each.class_id === id);
    const confidence = area?.mean_confidence;
    this.say('.tip', (this.names.get(id) ?? `class ${id}`)
      + (area ? `\n${(area.area_fraction * 100).toFixed(1)} % of the picture` : '')
      + (confidence === undefined ? '' : `\nconfidence ${confidence.toFixed(2)}`));
    this.tip.style.left = `${Math.min(x * 100, 70)}%`;
    this.tip.style.top = `${Math.min(y * 100 + 4, 80)}%`;
  }

  drag(event) {
    event.preventDefault();
    const move = (moved) => {
      const box = this.stage.getBoundingClientRect();
      const share = Math.max(0, Math.min(1, (moved.clientX - box.left) / box.width));
      this.stage.style.setProperty('--split', `${share * 100}%`);
    };
    addEventListener('pointermove', move);
    addEventListener('pointerup', () => removeEventListener('pointermove', move), { once: true });
  }

  /** Where the two releases meet, in per cent of the width. */
  parting() {
    return parseFloat(this.stage.style.getPropertyValue('--split') || '50');
  }

  agreed() {
    const share = agreement(this.classes, this.others);
    return share === undefined ? 'other sizes' : `${(share * 100).toFixed(1)} %`;
  }

  say(selector, text) {
    const element = this.element.querySelector(selector);
    if (element.textContent !== text) {
      element.textContent = text;
    }
    if (element.parentElement === this.stage) {
      element.hidden = !text;
    }
    return element;
  }
}

const release = (mask) => (mask?.release ? `${mask.release.name}-${mask.release.version}` : '');
const words = (reason) => reason.toLowerCase().replaceAll('_', ' ');
