// SPDX-License-Identifier: Apache-2.0
// A recording: idle, recording, paused, finished, and the points of the trace. Where positions come from is a source;
// it is running exactly while the state is "recording".
import { between } from "./geo";
import type { Position } from "./store";

export type RecordingState = "idle" | "recording" | "paused" | "finished";
export interface Fix {
  at: Position;
  time: number; // ms
}
export interface Source {
  start: (take: (fix: Fix) => void, ended: () => void) => void;
  stop: () => void;
}

const mostPoints = 2000; // of one trace, for the server
const leastStepM = 4;

export class Recorder {
  state: RecordingState = "idle";
  readonly points: Fix[] = [];
  walked_m = 0;

  constructor(
    private readonly source: Source,
    private readonly changed: () => void,
  ) {}

  get canPlay(): boolean {
    return this.state === "idle" || this.state === "paused";
  }
  get canPause(): boolean {
    return this.state === "recording";
  }
  get canFinish(): boolean {
    return this.state === "recording" || this.state === "paused";
  }

  play(): void {
    if (!this.canPlay) return;
    this.to("recording");
    this.source.start(
      (fix) => this.take(fix),
      () => this.finish(),
    );
  }

  pause(): void {
    if (!this.canPause) return;
    this.source.stop();
    this.to("paused");
  }

  finish(): void {
    if (!this.canFinish) return;
    this.source.stop();
    this.to("finished");
  }

  // At most what the server takes, evenly thinned.
  trace(): Fix[] {
    const step = Math.ceil(this.points.length / mostPoints);
    return this.points.filter((_, i) => i % step === 0 || i === this.points.length - 1).slice(-mostPoints);
  }

  private take(fix: Fix): void {
    if (this.state !== "recording") return;
    const last = this.points[this.points.length - 1];
    const step = last ? between(last.at, fix.at) : 0;
    if (last && step < leastStepM) return;
    this.walked_m += step;
    this.points.push(fix);
    this.changed();
  }

  private to(state: RecordingState): void {
    this.state = state;
    this.changed();
  }
}
