// SPDX-License-Identifier: Apache-2.0
// One's saved routes, and one's account.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { blocksOf } from "../lib/blocks";
import { openDialog } from "../lib/dialog";
import { fill, h } from "../lib/dom";
import { empty, failure, notify, skeleton, why } from "../lib/feedback";
import { boxOf } from "../lib/geo";
import { icon } from "../lib/icons";
import { partsOf } from "../lib/parts";
import { go } from "../lib/router";
import { store, type Position, type SavedRoute } from "../lib/store";
import { withMap } from "../map/current";
import { field, openSignIn, signOut } from "./account";
import { routeLines, savedRoutes } from "./picker";
import { openRating } from "./rate";
import type { MakeView } from "./view";

export const routesView: MakeView = () => {
  let over = false;
  const list = h("div", {});
  const account = h("div", {});

  const show = (route: SavedRoute) =>
    withMap((map) => {
      if (over) return;
      map.routes(route.geometry, route.alternative?.geometry ?? null);
      map.fit(boxOf(route.geometry.coordinates as Position[]));
    });
  const change = async (route: SavedRoute, body: { route_name?: string; is_public?: boolean }) => {
    const answer = await ask(api.PATCH("/api/v1/diary/routes/{route_id}", { params: { path: { route_id: route.route_id } }, body }));
    if (!answer.ok) notify(why(answer), "bad");
    await load();
    list.querySelector<HTMLElement>(`[data-route="${route.route_id}"] button`)?.focus();
  };
  const rename = (route: SavedRoute) => {
    const name = h("input", { type: "text", required: true, maxlength: 200, "data-testid": "rename-name" });
    name.value = route.route_name;
    const opened = openDialog(
      t("rename"),
      "rename-dialog",
      h(
        "form",
        {
          class: "stack",
          on: {
            submit: (event: Event) => {
              event.preventDefault();
              opened.close();
              void change(route, { route_name: name.value.trim() });
            },
          },
        },
        field(t("routeName"), name),
        h("div", { class: "row dialog-foot" }, h("button", { type: "button", on: { click: () => opened.close() } }, t("cancel")), h("button", { type: "submit", class: "primary", "data-testid": "rename-save" }, t("save"))),
      ),
    );
    name.select();
  };
  const remove = (route: SavedRoute) => {
    const sure = async () => {
      opened.close();
      const answer = await ask(api.DELETE("/api/v1/diary/routes/{route_id}", { params: { path: { route_id: route.route_id } } }));
      notify(answer.ok ? t("routeDeleted") : why(answer), answer.ok ? "good" : "bad");
      withMap((map) => map.routes(null, null));
      await load();
    };
    const opened = openDialog(
      t("delete"),
      "delete-dialog",
      h(
        "div",
        { class: "stack" },
        h("p", {}, t("deleteRouteAsk", { name: route.route_name })),
        h("div", { class: "row dialog-foot" }, h("button", { type: "button", on: { click: () => opened.close() } }, t("cancel")), h("button", { type: "button", class: "danger", "data-testid": "delete-sure", on: { click: () => void sure() } }, t("delete"))),
      ),
    );
  };
  const rate = async (route: SavedRoute) => {
    const parts = await partsOf(route);
    await openRating({ kind: "route", route: () => Promise.resolve({ route_id: route.route_id }), blocks: blocksOf(parts), source: "manual" });
  };

  const item = (route: SavedRoute) =>
    h(
      "li",
      { class: "route-item", "data-testid": "route", "data-route": route.route_id },
      h("button", { type: "button", class: "route-pick", "data-testid": "route-show", on: { click: () => show(route) } }, routeLines(route), h("span", { class: "hidden" }, t("showOnMap"))),
      h("p", { class: "hint visibility", "data-testid": "visibility" }, icon(route.is_public ? "globe" : "lock"), t(route.is_public ? "public" : "private")),
      h(
        "div",
        { class: "row row-wrap" },
        h("button", { type: "button", class: "small", "data-testid": "route-visibility", on: { click: () => void change(route, { is_public: !route.is_public }) } }, t(route.is_public ? "makePrivate" : "makePublic")),
        h("button", { type: "button", class: "small", "data-testid": "route-rename", on: { click: () => rename(route) } }, t("rename")),
        h("button", { type: "button", class: "small", "data-testid": "route-rate", on: { click: () => void rate(route) } }, t("routeRate")),
        h("button", { type: "button", class: "small", "data-testid": "route-walk", on: { click: () => go("record", { route: route.route_id }) } }, t("walkIt")),
        h("button", { type: "button", class: "small", "data-testid": "route-insights", on: { click: () => go("insights", { route: route.route_id }) } }, t("routeInsights")),
        h("button", { type: "button", class: "small danger-quiet", "data-testid": "route-delete", on: { click: () => remove(route) } }, t("delete")),
      ),
    );

  async function load(): Promise<void> {
    if (!store.get().session) {
      return fill(list, empty(t("myRoutesSignIn"), h("button", { type: "button", class: "primary", "data-testid": "routes-sign-in", on: { click: () => void openSignIn() } }, t("signIn"))));
    }
    if (!list.hasChildNodes()) fill(list, skeleton(3, "block"));
    const answer = await savedRoutes();
    if (over) return;
    if (!answer.ok) return fill(list, failure(why(answer), () => void load()));
    const own = answer.data.filter((route) => route.is_own);
    if (own.length === 0) return fill(list, empty(t("myRoutesNone"), h("a", { class: "button primary", href: "#/plan" }, t("goPlan"))));
    fill(list, h("ul", { class: "route-list" }, own.map(item)));
  }

  const exportData = async () => {
    const answer = await ask(api.GET("/api/v1/me/export"));
    if (!answer.ok) return notify(why(answer), "bad");
    const url = URL.createObjectURL(new Blob([JSON.stringify(answer.data, null, 2)], { type: "application/json" }));
    h("a", { href: url, download: "route-safety-diary.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    notify(t("exported"), "good");
  };
  const deleteAccount = () => {
    const password = h("input", { type: "password", autocomplete: "current-password", required: true, "data-testid": "delete-password" });
    const error = h("p", { class: "error", role: "alert" });
    const send = async (event: Event) => {
      event.preventDefault();
      const answer = await ask(api.DELETE("/api/v1/me", { body: { password: password.value } }));
      if (!answer.ok) return void (error.textContent = answer.status === 403 ? t("wrongPassword") : why(answer));
      opened.close();
      store.set({ session: null });
      notify(t("accountDeleted"));
    };
    const opened = openDialog(
      t("deleteAccount"),
      "delete-account-dialog",
      h(
        "form",
        { class: "stack", on: { submit: send } },
        h("p", {}, t("deleteAccountAsk")),
        field(t("password"), password),
        error,
        h("div", { class: "row dialog-foot" }, h("button", { type: "button", on: { click: () => opened.close() } }, t("cancel")), h("button", { type: "submit", class: "danger", "data-testid": "delete-account-sure" }, t("deleteAccount"))),
      ),
    );
  };
  const drawAccount = () => {
    const { session } = store.get();
    fill(
      account,
      session && [
        h("h2", {}, t("account")),
        h("p", { class: "hint" }, t("signedInAs", { who: session.user.display_name ?? session.user.email })),
        h(
          "div",
          { class: "row row-wrap" },
          h("button", { type: "button", "data-testid": "export", on: { click: () => void exportData() } }, icon("download"), t("export")),
          h("button", { type: "button", on: { click: () => void signOut() } }, t("signOut")),
          h("button", { type: "button", class: "danger-quiet", "data-testid": "delete-account", on: { click: deleteAccount } }, t("deleteAccount")),
        ),
      ],
    );
  };

  drawAccount();
  void load();
  const stop = store.on((state) => state.session, () => {
    drawAccount();
    fill(list);
    void load();
  });
  return {
    element: h("div", { class: "stack" }, list, account),
    sheet: "half",
    destroy: () => {
      over = true;
      stop();
      withMap((map) => map.routes(null, null));
    },
  };
};
