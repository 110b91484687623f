// SPDX-License-Identifier: Apache-2.0
// From here to there: as short, or as safe, as one likes.
import { curveChart, type Curve } from "../charts/curve";
import { t, type Key } from "../i18n";
import { api, ask } from "../lib/api";
import { fill, h } from "../lib/dom";
import { empty, failure, notify, skeleton, why } from "../lib/feedback";
import { distance, kilometres, metres, minutes, one, signed, uuid } from "../lib/format";
import { boxOf } from "../lib/geo";
import { icon } from "../lib/icons";
import { amend, go } from "../lib/router";
import { store, type Position, type Route, type RouteAnswer, type SavedRoute, type Schemas } from "../lib/store";
import { onMap, withMap } from "../map/current";
import { field, needAccount } from "./account";
import { pickerItem, savedRoutes } from "./picker";
import { searchBox } from "./search";
import type { MakeView } from "./view";

type CurveRoute = Schemas["CurveRoute"];
const greatestWeight = 5;
const pauseMs = 250;

const stepKeys: Record<Schemas["RouteStep"]["maneuver"], Key> = {
  depart: "stepDepart",
  straight: "stepStraight",
  slight_left: "stepSlightLeft",
  left: "stepLeft",
  sharp_left: "stepSharpLeft",
  slight_right: "stepSlightRight",
  right: "stepRight",
  sharp_right: "stepSharpRight",
  u_turn: "stepUTurn",
  arrive: "stepArrive",
};

// Green below 10 % more, yellow to 20 %, red above.
export const detourLevel = (percent: number): "good" | "fair" | "poor" => (percent < 10 ? "good" : percent <= 20 ? "fair" : "poor");

function benefit(primary: Route, alternative: Route): HTMLElement {
  const more = Math.round(alternative.length_m) - Math.round(primary.length_m);
  const percent = ((alternative.length_m - primary.length_m) / primary.length_m) * 100;
  const plus = (n: number, unit: string) => `${n < 0 ? "" : "+"}${n}${unit}`;
  return h(
    "section",
    { class: "benefit", "data-testid": "benefit" },
    h("h3", {}, t("benefitTitle")),
    h("p", { class: `benefit-distance level-${detourLevel(percent)}`, "data-testid": "benefit-distance" }, t("benefitDistance", { metres: plus(more, "m"), percent: plus(Math.round(percent), "%") })),
    h("p", { "data-testid": "benefit-safety" }, t("benefitSafety", { points: signed(alternative.avg_safety - primary.avg_safety) })),
  );
}

function reasons(route: Route): HTMLElement {
  const { streets, extra_m } = route.avoided;
  const worst = route.worst_segments[0];
  return h(
    "section",
    { "data-testid": "why" },
    h("h3", {}, t("why")),
    streets.length === 0
      ? h("p", {}, t("whyShortest"))
      : [
          h("ul", { class: "plain" }, streets.map((s) => h("li", { "data-testid": "avoided" }, t("whyAvoids", { metres: metres(s.length_m), street: s.street, score: one(s.score) })))),
          h("p", {}, t("whyExtra", { metres: metres(extra_m) })),
        ],
    worst && h("p", { class: "hint" }, `${t("whyWorst")}: ${worst.street} (${one(worst.score)})`),
  );
}

const stepList = (route: Route): HTMLElement =>
  h(
    "section",
    {},
    h("h3", {}, t("steps")),
    h(
      "ol",
      { class: "steps", "data-testid": "steps" },
      route.steps.map((step) =>
        h(
          "li",
          {},
          h("span", {}, t(stepKeys[step.maneuver], { street: step.street || t("stepUnnamed") })),
          step.length_m > 0 && h("span", { class: "hint" }, distance(step.length_m)),
        ),
      ),
    ),
  );

const place = (text: string | null): Position | null => {
  const [lng, lat] = (text ?? "").split(",").map(Number);
  return lng !== undefined && lat !== undefined && Number.isFinite(lng) && Number.isFinite(lat) ? [lng, lat] : null;
};

export const planView: MakeView = (params) => {
  const linked = { origin: place(params.get("from")), destination: place(params.get("to")), weight: Number(params.get("w") ?? NaN) };
  if (linked.origin) store.set({ origin: linked.origin });
  if (linked.destination) store.set({ destination: linked.destination });
  if (linked.weight >= 0 && linked.weight <= greatestWeight) store.set({ weight: linked.weight });

  let answer: RouteAnswer | null = null;
  let curve: CurveRoute[] = [];
  let drawn: Curve | null = null;
  let asked = 0;
  let timer = 0;
  let over = false;

  const names = { origin: "", destination: "" };
  const ends = h("div", { class: "stack" });
  const result = h("div", { class: "stack", "data-testid": "plan-result" });
  const saved = h("div", {});
  const slider = h("input", { type: "range", min: 0, max: greatestWeight, step: 0.05, id: "weight", "data-testid": "weight" });
  slider.value = String(store.get().weight);
  const said = h("output", { for: "weight", class: "weight-value", "data-testid": "weight-value" });
  const chart = h("div", {});
  const tuning = h(
    "section",
    { class: "tuning", hidden: true },
    h("label", { for: "weight" }, t("weight"), said),
    slider,
    h("div", { class: "row row-ends hint", "aria-hidden": "true" }, h("span", {}, t("weightLess")), h("span", {}, t("weightMore"))),
    chart,
  );

  const pointText = (at: Position) => `${at[1].toFixed(5)}, ${at[0].toFixed(5)}`;
  const link = () => {
    const { origin, destination, weight } = store.get();
    const text = (at: Position) => at.map((v) => v.toFixed(6)).join(",");
    amend({ ...(origin ? { from: text(origin) } : {}), ...(destination ? { to: text(destination) } : {}), w: String(weight) });
  };
  const set = (end: "origin" | "destination", at: Position | null, name = "") => {
    names[end] = name;
    store.set({ [end]: at });
    drawEnds();
    void calculate();
  };
  const drawEnds = () => {
    const { origin, destination } = store.get();
    const box = (end: "origin" | "destination") => {
      const at = store.get()[end];
      const shown = at ? names[end] || pointText(at) : "";
      const search = searchBox(t(end), `${end}-search`, (street) => set(end, street.center as Position, street.street), shown, true);
      return h("div", { class: `end end-${end}` }, h("span", { class: "end-label", "aria-hidden": "true" }, t(end)), search.element);
    };
    fill(
      ends,
      box("origin"),
      box("destination"),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "small", "data-testid": "use-mine", on: { click: useMine } }, icon("locate"), t("useMine")),
        (origin || destination) && h("button", { type: "button", class: "small", "data-testid": "swap", on: { click: swap } }, t("swap")),
        (origin || destination) && h("button", { type: "button", class: "small", "data-testid": "plan-clear", on: { click: clear } }, t("clearRoute")),
      ),
    );
    withMap((map) => {
      if (over) return;
      map.places([...(origin ? [{ kind: "origin" as const, at: origin }] : []), ...(destination ? [{ kind: "destination" as const, at: destination }] : [])]);
    });
  };
  const useMine = () =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => set("origin", [coords.longitude, coords.latitude], t("located")),
      () => notify(t("locateDenied"), "bad"),
    );
  const swap = () => {
    const { origin, destination } = store.get();
    [names.origin, names.destination] = [names.destination, names.origin];
    store.set({ origin: destination, destination: origin });
    drawEnds();
    void calculate();
  };
  const clear = () => {
    store.set({ origin: null, destination: null });
    names.origin = names.destination = "";
    drawEnds();
    void calculate();
  };

  const indexFor = (weight: number): number => {
    const at = curve.findIndex((route) => weight >= route.from_weight && weight <= route.to_weight);
    return at >= 0 ? at : curve.length - 1;
  };
  const follow = (weight: number) => {
    const index = indexFor(weight);
    const route = curve[index];
    if (!route) return;
    drawn?.mark(index);
    say(route);
    withMap((map) => !over && map.routes(route.geometry, null));
  };
  const say = (route: { length_m: number; avg_safety: number }) => {
    said.textContent = t("weightText", { length: distance(route.length_m), safety: one(route.avg_safety) });
    slider.setAttribute("aria-valuetext", said.textContent);
  };
  const setWeight = (weight: number, done: boolean) => {
    store.set({ weight });
    follow(weight);
    clearTimeout(timer);
    timer = window.setTimeout(() => void calculate(false), done ? 0 : pauseMs);
  };
  slider.addEventListener("input", () => setWeight(Number(slider.value), false));

  const chooseOnCurve = (index: number, done: boolean) => {
    const route = curve[index];
    if (!route) return;
    const weight = Math.round(((route.from_weight + route.to_weight) / 2) * 1000) / 1000;
    slider.value = String(weight);
    setWeight(weight, done);
  };

  async function calculate(fit = true): Promise<void> {
    const { origin, destination, weight } = store.get();
    link();
    if (!origin || !destination) {
      answer = null;
      tuning.hidden = true;
      withMap((map) => !over && map.routes(null, null));
      return fill(result, h("p", { class: "hint" }, t(origin ? "chooseDestination" : "chooseOrigin")));
    }
    const mine = ++asked;
    if (!answer) fill(result, skeleton(5));
    const reply = await ask(
      api.POST("/api/v1/routing/calculate", { body: { origin, destination, safety_weight: weight, include_alternative: true, ...(fit ? { curve: true } : {}) } }),
    );
    // Another weight was chosen meanwhile: its own question is under way, or about to be.
    if (mine !== asked || over || store.get().weight !== weight) return;
    if (!reply.ok) {
      answer = null;
      tuning.hidden = true;
      withMap((map) => map.routes(null, null));
      return fill(result, failure(reply.status === 422 ? t("tooFar") : why(reply), () => void calculate(fit)));
    }
    answer = reply.data;
    if (answer.curve) {
      curve = answer.curve;
      drawn = curveChart(curve, chooseOnCurve);
      fill(chart, drawn.element);
    }
    drawn?.mark(indexFor(weight));
    tuning.hidden = false;
    say(answer.primary);
    show(answer);
    const { primary, alternative } = answer;
    withMap((map) => {
      map.routes(primary.geometry, alternative?.geometry ?? null);
      if (fit) map.fit(boxOf([...primary.geometry.coordinates, ...(alternative?.geometry.coordinates ?? [])] as Position[]));
    });
  }

  const show = ({ primary, alternative }: RouteAnswer) =>
    fill(
      result,
      h(
        "section",
        { class: "route-summary", "data-testid": "primary" },
        h("h3", {}, h("span", { class: "line line-primary", "aria-hidden": "true" }), t("primary")),
        h("p", { class: "big" }, `${kilometres(primary.length_m)} · ${minutes(primary.duration_min)}`),
        h("p", { class: "hint" }, t("avgSafety", { safety: one(primary.avg_safety), worst: one(primary.min_safety) })),
      ),
      alternative
        ? h("div", { class: "with-line" }, h("span", { class: "line line-alternative", "aria-hidden": "true" }), benefit(primary, alternative))
        : h("p", { class: "hint", "data-testid": "no-alternative" }, t("noAlternative")),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", class: "primary", "data-testid": "walk-it", on: { click: () => walk(primary) } }, icon("record"), t("walkIt")),
        h("button", { type: "button", "data-testid": "save-route", on: { click: () => void save() } }, icon("routes"), t("saveRoute")),
      ),
      saving,
      reasons(primary),
      stepList(primary),
    );

  const walk = (route: Route) => {
    const name = route.steps[0]?.street ?? "";
    const last = route.steps[route.steps.length - 1]?.street ?? "";
    store.set({ walk: { name: name === last ? name : `${name} – ${last}`, segment_ids: route.segment_ids, geometry: route.geometry, length_m: route.length_m } });
    go("record");
  };

  const saving = h("div", {});
  const save = async () => {
    if (!(await needAccount()) || !answer) return;
    const { primary, alternative } = answer;
    const name = h("input", { type: "text", required: true, maxlength: 200, "data-testid": "route-name" });
    const route_id = uuid();
    const send = async (event: Event) => {
      event.preventDefault();
      const body = { route_id, route_name: name.value.trim(), is_public: false, segment_ids: primary.segment_ids, ...(alternative ? { alt_segment_ids: alternative.segment_ids } : {}) };
      const reply = await ask(api.POST("/api/v1/diary/routes", { body }));
      if (!reply.ok) return notify(why(reply), "bad");
      fill(saving);
      notify(t("routeSaved"), "good");
      void loadSaved();
    };
    fill(saving, h("form", { class: "inline-form", on: { submit: send } }, field(t("routeName"), name), h("button", { type: "submit", class: "primary", "data-testid": "route-save" }, t("save"))));
    name.focus();
  };

  async function loadSaved(): Promise<void> {
    if (!store.get().session) return fill(saved);
    const reply = await savedRoutes();
    if (over || !reply.ok) return;
    const own = reply.data.filter((route) => route.is_own);
    fill(
      saved,
      h("h2", {}, t("picker")),
      own.length === 0 ? empty(t("pickerNone")) : h("ul", { class: "route-list", "data-testid": "picker" }, own.map((route) => pickerItem(route, () => pick(route)))),
    );
  }
  const pick = (route: SavedRoute) => {
    const line = route.geometry.coordinates as Position[];
    names.origin = names.destination = "";
    store.set({ origin: line[0] as Position, destination: line[line.length - 1] as Position });
    drawEnds();
    void calculate();
  };

  drawEnds();
  void calculate();
  void loadSaved();
  const stops = [
    onMap((map) =>
      map.clicked.on(({ at }) => {
        const { origin, destination } = store.get();
        set(origin && !destination ? "destination" : "origin", at);
        if (origin && destination) set("destination", null);
      }),
    ),
    store.on((state) => state.session, () => void loadSaved()),
  ];
  return {
    element: h("div", { class: "stack" }, ends, tuning, result, saved),
    sheet: "half",
    destroy: () => {
      over = true;
      clearTimeout(timer);
      stops.forEach((stop) => stop());
      withMap((map) => (map.routes(null, null), map.places([])));
    },
  };
};
