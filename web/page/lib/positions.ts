// SPDX-License-Identifier: Apache-2.0
// Where a recording's positions come from: the device, or a walker made up along a route.
import { along, lineLength } from "./geo";
import type { Fix, Source } from "./recorder";
import type { Position } from "./store";

export function deviceSource(failed: () => void): Source {
  let watch: number | null = null;
  return {
    start: (take) => {
      if (!("geolocation" in navigator)) return failed();
      watch = navigator.geolocation.watchPosition(
        ({ coords, timestamp }) => take({ at: [coords.longitude, coords.latitude], time: timestamp }),
        // Between houses a phone loses its position for a while: it is refused only when the person refuses it.
        (error) => error.code === error.PERMISSION_DENIED && failed(),
        { enableHighAccuracy: true, maximumAge: 0 },
      );
    },
    stop: () => {
      if (watch !== null) navigator.geolocation.clearWatch(watch);
      watch = null;
    },
  };
}

const walkerMs = 1.4; // metres in a second
const tickMs = 50;
const fixEveryM = 7;
const swayDegrees = 0.00002; // about two metres, as a phone's position does

// Walks `speed` times as fast as a person. The times of its points are those of a person's walk.
export function simulatorSource(line: Position[], speed: number): Source {
  const length = lineLength(line);
  let timer = 0;
  let walked = 0;
  let told = 0;
  const startedAt = Date.now() - (length / walkerMs) * 1000;
  return {
    start: (take, ended) => {
      const fix = (at: number): Fix => {
        const [lng, lat] = along(line, at);
        const sway = Math.sin(at / 9) * swayDegrees;
        return { at: [lng + sway, lat + Math.cos(at / 11) * swayDegrees], time: startedAt + (at / walkerMs) * 1000 };
      };
      let before = performance.now();
      if (walked === 0) take(fix(0));
      timer = window.setInterval(() => {
        const now = performance.now();
        walked = Math.min(length, walked + ((now - before) / 1000) * walkerMs * speed);
        before = now;
        while (told + fixEveryM <= walked) take(fix((told += fixEveryM)));
        if (walked < length) return;
        take(fix(length));
        clearInterval(timer);
        ended();
      }, tickMs);
    },
    stop: () => clearInterval(timer),
  };
}
