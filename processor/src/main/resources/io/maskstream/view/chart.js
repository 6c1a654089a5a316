// The last 60 seconds of the area of each class, as a stack of columns.

const SECONDS = 60;

export class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.history = [];
  }

  /** Once a second. @param classes of the picture that is shown; undefined for none */
  add(classes) {
    this.history.push((classes ?? []).map((each) => [each.class_id, each.area_fraction]));
    if (this.history.length > SECONDS) {
      this.history.shift();
    }
  }

  draw(colorOf, hidden) {
    const { width, height } = this.canvas;
    const context = this.canvas.getContext('2d');
    const step = width / SECONDS;
    context.clearRect(0, 0, width, height);
    const first = SECONDS - this.history.length;
    this.history.forEach((areas, second) => {
      let top = height;
      for (const [id, share] of [...areas].sort((one, other) => one[0] - other[0])) {
        if (!hidden.has(id)) {
          top -= share * height;
          context.fillStyle = `#${colorOf(id)}`;
          context.fillRect((first + second) * step, top, step, share * height);
        }
      }
    });
  }
}
