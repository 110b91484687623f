// SPDX-License-Identifier: Apache-2.0
// Walking a route, or wherever one likes, and rating it afterwards.
import { t, type Key } from "../i18n";
import { api, ask } from "../lib/api";
import { blocksOf } from "../lib/blocks";
import { fill, h } from "../lib/dom";
import { failure, notify, skeleton, why } from "../lib/feedback";
import { kilometres, metres, uuid } from "../lib/format";
import { boxOf, lineLength, progressOf } from "../lib/geo";
import { icon, type Icon } from "../lib/icons";
import { deviceSource, simulatorSource } from "../lib/positions";
import { Recorder, type RecordingState } from "../lib/recorder";
import { store, type Position, type SavedRoute, type Schemas, type Walk } from "../lib/store";
import { withMap } from "../map/current";
import { field } from "./account";
import { savedRoutes } from "./picker";
import { openRating, type SavedId } from "./rate";
import type { MakeView } from "./view";

const speeds = [1, 5, 20, 100];
const stateKeys: Record<RecordingState, Key> = { idle: "stateIdle", recording: "stateRecording", paused: "statePaused", finished: "stateMatching" };

const walkOf = (route: SavedRoute): Walk => ({ name: route.route_name, segment_ids: route.segment_ids, geometry: route.geometry, length_m: route.length_m });

export const recordView: MakeView = (params) => {
  let over = false;
  let recorder: Recorder | null = null;
  let walk: Walk | null = store.get().walk;
  let routes: SavedRoute[] = [];
  let simulated = walk !== null;
  let speed = 20;

  const setup = h("div", { class: "stack" });
  const state = h("p", { class: "recording-state", role: "status", "data-testid": "recording-state" });
  const percent = h("p", { class: "big", "data-testid": "progress" });
  const bar = h("div", { class: "bar-fill bar-sure" });
  const progress = h("div", { class: "bar", role: "progressbar", "aria-label": t("progress"), "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const after = h("div", { class: "stack" });
  const line = () => (walk?.geometry.coordinates ?? []) as Position[];

  const button = (name: "play" | "pause" | "finish", press: () => void) =>
    h("button", { type: "button", class: `recording-button recording-${name}`, "data-testid": name, on: { click: press } }, icon(name as Icon), t(name));
  const play = button("play", () => {
    if (recorder?.state !== "paused") begin();
    recorder?.play();
  });
  const pause = button("pause", () => recorder?.pause());
  const finish = button("finish", () => recorder?.finish());

  const begin = () => {
    if (simulated && !walk) return notify(t("recordNeedsRoute"), "bad");
    const source = simulated
      ? simulatorSource(line(), speed)
      : deviceSource(() => {
          notify(t("locateDenied"), "bad");
          recorder?.pause();
        });
    recorder = new Recorder(source, draw);
    fill(after);
  };

  const draw = () => {
    if (over) return;
    const now = recorder?.state ?? "idle";
    state.textContent = t(stateKeys[now]);
    play.disabled = !(recorder?.canPlay ?? true) && now !== "finished";
    pause.disabled = !recorder?.canPause;
    finish.disabled = !recorder?.canFinish;
    setup.inert = now === "recording" || now === "paused";
    const points = recorder?.points.map((p) => p.at) ?? [];
    const at = points[points.length - 1];
    if (walk) {
      const whole = lineLength(line());
      const part = at && whole > 0 ? Math.round((progressOf(line(), at) / whole) * 100) : 0;
      percent.textContent = `${part}%`;
      progress.hidden = false;
      bar.style.width = `${part}%`;
      progress.setAttribute("aria-valuenow", String(part));
    } else {
      percent.textContent = t("walked", { metres: metres(recorder?.walked_m ?? 0) });
      progress.hidden = true;
    }
    withMap((map) => {
      if (over) return;
      map.position(at ?? null);
      map.trace(points);
      if (at && now === "recording" && !simulated) map.look(at);
    });
    if (now === "finished" && recorder) {
      const done = recorder;
      recorder = null;
      void match(done);
    }
  };

  async function match(done: Recorder): Promise<void> {
    play.disabled = true;
    fill(after, skeleton(2));
    const points = done.trace().map(({ at, time }) => ({ lng: at[0], lat: at[1], timestamp: new Date(time).toISOString() }));
    const nothing = () => {
      play.disabled = false;
      state.textContent = t("stateIdle");
      fill(after, failure(t("recordNothing"), reset));
    };
    if (points.length === 0) return nothing();
    const answer = await ask(api.POST("/api/v1/routing/match", { body: { points } }));
    if (over) return;
    if (!answer.ok) return fill(after, failure(why(answer), () => void match(done)));
    // The longest piece that hangs together; a segment twice in a row is one.
    const longest = answer.data.parts.reduce((best, part, i, all) => (part.length_m > (all[best]?.length_m ?? 0) ? i : best), 0);
    const walked = answer.data.segments.filter((s, i, all) => s.part === longest && s.segment_id !== all[i - 1]?.segment_id);
    if (walked.length === 0) return nothing();
    state.textContent = t("stateDone");
    play.disabled = false;
    const again = h("button", { type: "button", on: { click: reset } }, t("recordAgain"));
    const rate = h("button", { type: "button", class: "primary wide", "data-testid": "record-rate", on: { click: () => void rateWalk(walked) } }, t("recordRate"));
    fill(after, h("p", { "data-testid": "matched" }, t("recordMatched", { n: walked.length, km: kilometres(answer.data.parts[longest]?.length_m ?? 0) })), rate, again);
    void rateWalk(walked);
  }

  // What is rated is a route, so the walk becomes a private one; once, however often it is tried.
  let kept: { key: string; route_id: string } | null = null;
  async function keepWalk(walked: Schemas["MatchedSegment"][]): Promise<SavedId> {
    const segment_ids = walked.map((s) => s.segment_id);
    const key = `${store.get().session?.user.user_id} ${segment_ids.join(" ")}`;
    if (kept?.key !== key) {
      const day = new Intl.DateTimeFormat(store.get().language, { dateStyle: "medium", timeStyle: "short" }).format(new Date());
      const body = { route_id: uuid(), route_name: `${walk?.name ?? walked[0]?.street ?? ""}, ${day}`.slice(0, 200), is_public: false, segment_ids };
      const answer = await ask(api.POST("/api/v1/diary/routes", { body }));
      if (!answer.ok) return { error: why(answer) };
      kept = { key, route_id: body.route_id };
    }
    return { route_id: kept.route_id };
  }
  async function rateWalk(walked: Schemas["MatchedSegment"][]): Promise<void> {
    if (over) return;
    if (await openRating({ kind: "route", route: () => keepWalk(walked), blocks: blocksOf(walked), source: "recording" })) reset();
  }

  const reset = () => {
    recorder = null;
    fill(after);
    drawSetup();
    draw();
  };

  const drawSetup = () => {
    const follow = h("select", { "data-testid": "follow" }, h("option", { value: "" }, t("recordFree")));
    const planned = store.get().walk;
    if (planned) follow.append(h("option", { value: "planned" }, planned.name));
    for (const route of routes) follow.append(h("option", { value: route.route_id }, route.route_name));
    const chosen = routes.find((route) => route.geometry === walk?.geometry);
    follow.value = chosen?.route_id ?? (walk && walk === planned ? "planned" : "");
    follow.addEventListener("change", () => {
      const route = routes.find((r) => r.route_id === follow.value);
      follows(follow.value === "planned" ? planned : route ? walkOf(route) : null);
    });
    const source = h("select", { "data-testid": "source" }, h("option", { value: "device" }, t("sourceDevice")), h("option", { value: "simulator" }, t("sourceSimulator")));
    source.value = simulated ? "simulator" : "device";
    source.addEventListener("change", () => {
      simulated = source.value === "simulator";
      drawSetup();
    });
    const pace = h("select", { "data-testid": "speed" }, speeds.map((n) => h("option", { value: n }, `${n} ×`)));
    pace.value = String(speed);
    pace.addEventListener("change", () => (speed = Number(pace.value)));
    fill(
      setup,
      h("p", { class: "hint" }, t("recordIntro")),
      field(t("recordFollow"), follow),
      h("div", { class: "row row-fields" }, field(t("recordSource"), source), simulated && field(t("simSpeed"), pace)),
      simulated && !walk && h("p", { class: "state" }, t("recordNeedsRoute"), " ", h("a", { href: "#/plan" }, t("goPlan"))),
    );
  };
  const follows = (next: Walk | null) => {
    walk = next;
    withMap((map) => {
      if (over) return;
      map.routes(walk?.geometry ?? null, null);
      if (walk) map.fit(boxOf(line()));
    });
    drawSetup();
    draw();
  };

  follows(walk);
  void savedRoutes().then((answer) => {
    if (over || !answer.ok) return;
    routes = answer.data;
    const linked = routes.find((route) => route.route_id === params.get("route"));
    if (linked) {
      simulated = true;
      follows(walkOf(linked));
    } else drawSetup();
  });
  return {
    element: h(
      "div",
      { class: "stack" },
      setup,
      h("section", { class: "recording", "aria-label": t("record") }, h("div", { class: "row row-ends" }, state, percent), progress, h("div", { class: "row recording-buttons" }, play, pause, finish)),
      after,
    ),
    sheet: "half",
    destroy: () => {
      over = true;
      recorder?.pause();
      withMap((map) => (map.routes(null, null), map.position(null), map.trace([])));
    },
  };
};
