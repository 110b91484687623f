// SPDX-License-Identifier: Apache-2.0
// Other people's ratings as they come. The stream covers more than the view, so that small moves need no new one.
import { holds, rounded, widened } from "../lib/geo";
import { scored, store, type Bbox, type Score } from "../lib/store";

const firstWaitMs = 1000;
const longestWaitMs = 30_000;
const hiddenMs = 60_000;

export class LiveStream {
  private stream: EventSource | null = null;
  private box: Bbox | null = null;
  private waitMs = firstWaitMs;
  private timer = 0;
  private hidden = 0;

  // `missed` is called when events may have been missed: after a gap that the server cannot bridge, or for an area that was
  // not covered.
  constructor(private readonly missed: () => void) {
    addEventListener("online", () => this.open());
    // A browser has six connections to a server. A page that nobody sees gives its own back.
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.hidden);
      if (document.hidden) this.hidden = window.setTimeout(() => this.stream?.close(), hiddenMs);
      else if (this.stream?.readyState === EventSource.CLOSED) this.open();
    });
  }

  cover(view: Bbox): void {
    if (this.box && holds(this.box, view)) return;
    this.box = rounded(widened(view, 0.75));
    this.open();
  }

  private open(): void {
    if (!this.box) return;
    clearTimeout(this.timer);
    let anew = this.stream !== null; // a stream that broke goes on where it was; a new one does not know
    this.stream?.close();
    const stream = new EventSource(`/api/v1/live/segments?bbox=${this.box.join(",")}`);
    this.stream = stream;
    stream.addEventListener("open", () => {
      if (anew) this.missed();
      anew = false;
      this.waitMs = firstWaitMs;
      store.set({ live: "open" });
    });
    stream.addEventListener("segment", (event) => scored.emit(JSON.parse((event as MessageEvent<string>).data) as Score));
    for (const what of ["reset", "gone"]) stream.addEventListener(what, () => this.missed());
    stream.addEventListener("error", () => {
      if (this.stream !== stream) return;
      store.set({ live: "lost" });
      // The browser tries again by itself unless it was refused outright.
      if (stream.readyState !== EventSource.CLOSED) return;
      this.timer = window.setTimeout(() => this.open(), this.waitMs);
      this.waitMs = Math.min(longestWaitMs, this.waitMs * 2);
    });
  }
}
