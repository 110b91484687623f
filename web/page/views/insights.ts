// SPDX-License-Identifier: Apache-2.0
// How a route has changed, what people call it, and how well the area in view is known.
import { chartPanel } from "../charts/panel";
import type { TagCount } from "../charts/tags";
import { t } from "../i18n";
import { api, ask, type Answer } from "../lib/api";
import { fill, h } from "../lib/dom";
import { empty } from "../lib/feedback";
import { monthDay } from "../lib/format";
import { boxOf, rounded } from "../lib/geo";
import { amend } from "../lib/router";
import type { Bbox, Position, SavedRoute, Schemas } from "../lib/store";
import { onMap, withMap } from "../map/current";
import { field } from "./account";
import { coverageSection } from "./coverage";
import { savedRoutes } from "./picker";
import type { MakeView } from "./view";

type Part = { element: HTMLElement; destroy: () => void };
const tagsShown = 10;
const barPx = 30;
const trendPx = 200;

const trendOf = (route_id: string): Part =>
  chartPanel<Schemas["Trend"]>({
    id: "trend",
    title: t("trend"),
    load: () => ask(api.GET("/api/v1/diary/trend", { params: { query: { route_id } } })),
    isEmpty: (data) => (data.data_points.length === 0 ? t("trendEmpty") : null),
    draw: async (canvas, data) => (await import("../charts/trend")).trendChart(canvas, data.data_points),
    height: () => trendPx,
    alt: (data) => {
      const last = data.data_points[data.data_points.length - 1];
      return `${t("trendTable")}. ${last ? `${monthDay(last.date)}: ${last.mean_rating}` : ""}`;
    },
    table: (data) => ({
      caption: t("trendTable"),
      head: [t("trendDate"), t("trendMean"), t("trendError"), t("trendSamples")],
      rows: data.data_points.map((p) => [monthDay(p.date), p.mean_rating, p.std_error ?? "–", p.n_samples]),
    }),
  });

const tagPanel = (load: () => Promise<Answer<TagCount[]>>, hint?: string): Part =>
  chartPanel<TagCount[]>({
    id: "tag-chart",
    title: t("tagChart"),
    load,
    ...(hint ? { hint } : {}),
    isEmpty: (tags) => (tags.length === 0 ? t("tagEmpty") : null),
    draw: async (canvas, tags) => (await import("../charts/tags")).tagChart(canvas, tags),
    height: (tags) => tags.length * barPx + 16,
    alt: (tags) => `${t("tagTable")}. ${tags[0] ? `${tags[0].tag}: ${tags[0].count}` : ""}`,
    table: (tags) => ({
      caption: t("tagTable"),
      head: [t("tagTag"), t("tagCount")],
      rows: tags.map((tag) => [tag.tag, `${tag.count} (${tag.percentage.toFixed(1)}%)`]),
    }),
  });

async function tagsOfRoute(route_id: string): Promise<Answer<TagCount[]>> {
  const answer = await ask(api.GET("/api/v1/diary/tags", { params: { query: { route_id, top_n: tagsShown } } }));
  return answer.ok ? { ...answer, data: answer.data.tags } : answer;
}

// The API counts tags by route; of an area it has the most frequent of each street.
async function tagsOfArea(bbox: Bbox): Promise<Answer<TagCount[]>> {
  const answer = await ask(api.GET("/api/v1/diary/segments", { params: { query: { bbox: rounded(bbox), limit: 1000 } } }));
  if (!answer.ok) return answer;
  const counts = new Map<string, number>();
  const segments = "segments" in answer.data ? answer.data.segments : [];
  const tagged = segments.filter((s) => s.top_tags.length > 0);
  for (const { top_tags } of tagged) for (const tag of top_tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const tags = [...counts].map(([tag, count]) => ({ tag, count, percentage: (count / tagged.length) * 100 }));
  return { ok: true, status: 200, data: tags.sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag)).slice(0, tagsShown) };
}

export const insightsView: MakeView = (params) => {
  let over = false;
  let routes: SavedRoute[] = [];
  let parts: Part[] = [];
  let route = params.get("route") ?? "";
  const of = h("select", { "data-testid": "insights-of" });
  const charts = h("div", { class: "stack" });
  const coverage = coverageSection();

  const draw = () => {
    parts.forEach((part) => part.destroy());
    parts = [];
    if (route) {
      parts = [trendOf(route), tagPanel(() => tagsOfRoute(route))];
      fill(charts, parts.map((part) => part.element));
      const chosen = routes.find((r) => r.route_id === route);
      withMap((map) => {
        if (over) return;
        map.routes(chosen?.geometry ?? null, null);
        if (chosen) map.fit(boxOf(chosen.geometry.coordinates as Position[]));
      });
      return;
    }
    fill(charts, h("section", { class: "chart" }, h("h2", {}, t("trend")), empty(t("trendArea"))));
    withMap((map) => {
      if (over || route) return;
      map.routes(null, null);
      const tags = tagPanel(() => tagsOfArea(map.bounds()), t("tagArea"));
      parts = [tags];
      charts.append(tags.element);
    });
  };
  const options = () => {
    fill(of, h("option", { value: "" }, t("areaInView")), routes.map((r) => h("option", { value: r.route_id }, r.is_own ? r.route_name : `${r.route_name} (${t("pickerPublic")})`)));
    of.value = route;
  };
  of.addEventListener("change", () => {
    route = of.value;
    amend(route ? { route } : {});
    draw();
  });
  options();
  draw();
  void savedRoutes().then((answer) => {
    if (over || !answer.ok) return;
    routes = answer.data;
    options();
    const chosen = routes.find((r) => r.route_id === route);
    if (chosen) withMap((map) => (map.routes(chosen.geometry, null), map.fit(boxOf(chosen.geometry.coordinates as Position[]))));
  });
  const stop = onMap((map) => map.moved.on(() => {
    if (route) return;
    draw();
  }));
  return {
    element: h("div", { class: "stack" }, field(t("insightsOf"), of), charts, coverage.element),
    sheet: "half",
    destroy: () => {
      over = true;
      stop();
      parts.forEach((part) => part.destroy());
      coverage.destroy();
      withMap((map) => map.routes(null, null));
    },
  };
};
