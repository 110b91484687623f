// SPDX-License-Identifier: Apache-2.0
// The page's words. t("key", {name: value}) in the language of the store.
import { store } from "../lib/store";
import { en } from "./en";
import { es } from "./es";

export type Key = keyof typeof en;
const all = { en, es } satisfies Record<string, Record<Key, string>>;

export const language = () => store.get().language;

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return all[language()][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
