// The loop: a number of steps per second, frame by frame, and only while they can be seen.

/** Milliseconds of work per frame. */
const SLICE = 6;
/** The longest gap between two frames that is made up for, in milliseconds. */
const LONGEST_GAP = 100;

export class Loop {
  /**
   * @param {object} task
   * @param {number} task.pace steps per second
   * @param {() => boolean} task.step makes a step; returns whether another one can follow
   * @param {() => void} task.show called after the steps of each frame
   */
  constructor({ pace, step, show }) {
    this.pace = pace;
    this.step = step;
    this.show = show;
    this.isRunning = false;
    this.isVisible = true;
    this.isRequested = false;
    /** Steps that are due, in part. */
    this.owed = 0;
    /** @type {number | undefined} the time of the frame before */
    this.last = undefined;
  }

  start() {
    this.isRunning = true;
    this.request();
  }

  stop() {
    this.isRunning = false;
    this.owed = 0;
  }

  /** Tell whether the picture is in the window. */
  setVisible(/** @type {boolean} */ isVisible) {
    this.isVisible = isVisible;
    this.request();
  }

  get #isActive() {
    return this.isRunning && this.isVisible && !document.hidden;
  }

  /** Ask for a frame, unless there is nothing to do or one is on its way. */
  request() {
    if (!this.#isActive || this.isRequested) return;
    this.isRequested = true;
    requestAnimationFrame((time) => this.#frame(time));
  }

  /** @param {number} time */
  #frame(time) {
    this.isRequested = false;
    if (this.#isActive) {
      this.#makeSteps(Math.min(time - (this.last ?? time), LONGEST_GAP));
      this.show();
    }
    this.last = this.#isActive ? time : undefined;
    this.request();
  }

  /** @param {number} elapsed milliseconds */
  #makeSteps(elapsed) {
    this.owed += (this.pace * elapsed) / 1000;
    const end = performance.now() + SLICE;
    while (this.owed >= 1 && this.isRunning) {
      this.isRunning = this.step();
      this.owed -= 1;
      if (performance.now() > end) this.owed = 0; // a slow machine takes fewer steps per frame
    }
  }
}
