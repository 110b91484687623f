// SPDX-License-Identifier: Apache-2.0
// The address: #/view?name=value. A view can be linked, and Back works.
import { store, viewNames, type ViewName } from "./store";

export const addressParams = () => new URLSearchParams(location.hash.split("?")[1] ?? "");

function read(): void {
  const path = location.hash.replace(/^#\/?/, "").split("?")[0];
  store.set({ view: viewNames.find((name) => name === path) ?? "map", params: addressParams() });
}

const address = (view: ViewName, params: Record<string, string>): string => {
  const query = new URLSearchParams(params).toString();
  return `#/${view}${query ? `?${query}` : ""}`;
};

export function go(view: ViewName, params: Record<string, string> = {}): void {
  const to = address(view, params);
  if (to === location.hash) read();
  else location.hash = to;
}

// The same place in the page under another address: no new entry in the history.
export function amend(params: Record<string, string>): void {
  history.replaceState(null, "", address(store.get().view, params));
}

export function startRouter(): void {
  addEventListener("hashchange", read);
  read();
}
