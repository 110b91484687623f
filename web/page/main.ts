// SPDX-License-Identifier: Apache-2.0
// Puts the page together: the shell at once, the map as soon as it has come, views as they are asked for.
import { t, type Key } from "./i18n";
import { charts } from "./charts/panel";
import { fill, h } from "./lib/dom";
import { failure, noticeRegion, notify } from "./lib/feedback";
import { icon, type Icon } from "./lib/icons";
import { addressParams, startRouter } from "./lib/router";
import { store, viewNames, type Position, type ViewName } from "./lib/store";
import { cityMap, startMap, withMap } from "./map/current";
import { startQueue } from "./offline/queue";
import { openAccount } from "./views/account";
import { openDisplay } from "./views/display";
import { mapView } from "./views/map";
import { makePanel } from "./views/panel";
import type { MakeView, View } from "./views/view";

const makers: Record<ViewName, () => Promise<MakeView>> = {
  map: () => Promise.resolve(mapView),
  plan: async () => (await import("./views/plan")).planView,
  record: async () => (await import("./views/record")).recordView,
  routes: async () => (await import("./views/routes")).routesView,
  community: async () => (await import("./views/community")).communityView,
  insights: async () => (await import("./views/insights")).insightsView,
};

const nav = h("nav", { class: "nav" });
const tools = h("div", { class: "tools" });
const controls = h("div", { class: "controls" });
const status = h("div", { class: "status", role: "status" });
const mapPlace = h("div", { id: "map", class: "map" });
const mapArea = h("section", { class: "map-area" }, mapPlace, controls, status);
const panel = makePanel();
const skip = h("a", { class: "skip", href: "#panel", on: { click: (event: Event) => (event.preventDefault(), panel.heading.focus()) } });

function shade(): void {
  const { theme } = store.get();
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

function drawShell(): void {
  const { view, language } = store.get();
  document.documentElement.lang = language;
  document.title = `${t(view)} · ${t("title")}`;
  skip.textContent = t("skip");
  nav.setAttribute("aria-label", t("views"));
  mapArea.setAttribute("aria-label", t("map"));
  const link = (name: ViewName) =>
    h("li", {}, h("a", { href: `#/${name}`, "data-testid": `nav-${name}`, ...(name === view ? { "aria-current": "page" } : {}) }, icon(name as Icon), h("span", {}, t(name))));
  fill(nav, h("ul", {}, viewNames.map(link)));
  drawTools();
  drawControls();
  drawStatus();
}

function drawTools(): void {
  const { session } = store.get();
  const tool = (name: Icon, label: string, testId: string, press: () => void) =>
    h("button", { type: "button", class: "round tool", "aria-label": label, title: label, "data-testid": testId, on: { click: press } }, icon(name));
  fill(tools, tool("settings", t("display"), "open-display", openDisplay), tool("person", session ? t("account") : t("signIn"), "open-account", openAccount));
}

function locate(): void {
  const denied = () => notify(t("locateDenied"), "bad");
  if (!("geolocation" in navigator)) return denied();
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const at: Position = [coords.longitude, coords.latitude];
    withMap((map) => {
      map.places([{ kind: "me", at }]);
      map.look(at);
    });
    notify(t("located"));
  }, denied);
}

function drawControls(): void {
  const control = (name: Icon, key: Key, testId: string, press: () => void) =>
    h("button", { type: "button", class: "round control", "aria-label": t(key), title: t(key), "data-testid": testId, on: { click: press } }, icon(name));
  fill(
    controls,
    control("plus", "zoomIn", "zoom-in", () => withMap((map) => map.zoomBy(1))),
    control("minus", "zoomOut", "zoom-out", () => withMap((map) => map.zoomBy(-1))),
    control("locate", "locate", "locate", locate),
  );
}

function drawStatus(): void {
  const { online, queued, live, session } = store.get();
  const waits = queued === 1 ? t("queuedOne") : t("queuedMany", { n: queued });
  fill(
    status,
    online && h("span", { class: `pill live-${live}`, "data-testid": "live" }, h("span", { class: "live-dot", "aria-hidden": "true" }), t(live === "open" ? "liveOpen" : live === "lost" ? "liveLost" : "loading")),
    !online && h("span", { class: "pill pill-warn", "data-testid": "offline" }, t("offline")),
    queued > 0 && h("span", { class: "pill pill-warn", "data-testid": "queued" }, session ? waits : `${waits} ${t("queuedSignIn")}`),
  );
}

let current: View | null = null;
let shown = 0;
async function show(): Promise<void> {
  const mine = ++shown;
  const { view } = store.get();
  let make: MakeView;
  try {
    make = await makers[view]();
  } catch {
    make = () => ({ element: failure(t(store.get().online ? "failed" : "failedOffline"), () => void show()) });
  }
  if (mine !== shown) return;
  current?.destroy?.();
  current = make(addressParams()); // a view may have amended them since they were read
  panel.show(view, t(view), current);
}

store.on((state) => state.params, () => {
  drawShell();
  void show();
});
store.on((state) => state.language, () => {
  drawShell();
  void show();
});
store.on((state) => state.theme, shade);
store.on((state) => state.session, drawTools);
store.on((state) => `${state.online} ${state.queued} ${state.live} ${state.session !== null}`, drawStatus);
// A new version of the server has other files: the page is loaded anew, once.
addEventListener("vite:preloadError", () => {
  if (!navigator.onLine || sessionStorage.getItem("reloaded")) return;
  sessionStorage.setItem("reloaded", "1");
  location.reload();
});
addEventListener("online", () => store.set({ online: true }));
addEventListener("offline", () => store.set({ online: false }));

shade();
document.querySelector("#app")?.replaceWith(
  skip,
  h("div", { class: "shell" }, h("header", { class: "rail" }, h("p", { class: "brand" }, h("img", { src: "/icons/icon.svg", alt: t("title"), width: 32, height: 32 })), nav, tools), panel.element, mapArea),
  noticeRegion(),
);
startRouter();
drawShell();
void startMap(mapPlace);
startQueue();
if ("serviceWorker" in navigator && !import.meta.env.DEV) void navigator.serviceWorker.register("/sw.js");

// For looking in from outside: the browser's console, and tests.
Object.assign(window, { diary: { store, charts, map: null } });
void cityMap.then((map) => Object.assign(window, { diary: { store, charts, map: map?.map ?? null } }));
