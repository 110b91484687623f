// SPDX-License-Identifier: Apache-2.0
// Saved routes to choose from, in three lines each.
import { t } from "../i18n";
import { api, ask, type Answer } from "../lib/api";
import { h } from "../lib/dom";
import { kilometres, minutes } from "../lib/format";
import type { SavedRoute } from "../lib/store";

export async function savedRoutes(): Promise<Answer<SavedRoute[]>> {
  const answer = await ask(api.GET("/api/v1/diary/routes", { params: { query: { limit: 100 } } }));
  if (!answer.ok) return answer;
  return { ok: true, status: 200, data: "routes" in answer.data ? answer.data.routes : [] };
}

export const routeLines = (route: SavedRoute): HTMLElement[] => [
  h("span", { class: "route-name" }, route.route_name),
  h("span", { class: "route-line" }, t("primaryLine", { km: kilometres(route.length_m), min: minutes(route.duration_min) })),
  ...(route.alternative
    ? [h("span", { class: "route-line" }, t("altLine", { km: kilometres(route.alternative.length_m), min: minutes(route.alternative.duration_min) }))]
    : []),
];

export const pickerItem = (route: SavedRoute, choose: () => void): HTMLElement =>
  h("li", {}, h("button", { type: "button", class: "route-pick", "data-testid": "picker-route", "data-route": route.route_id, on: { click: choose } }, routeLines(route)));
