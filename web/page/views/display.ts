// SPDX-License-Identifier: Apache-2.0
// Light or dark, language, colours.
import { t, type Key } from "../i18n";
import { openDialog } from "../lib/dialog";
import { fill, h } from "../lib/dom";
import { store, type Language, type Palette, type Theme } from "../lib/store";

export function openDisplay(): void {
  const body = h("div", { class: "stack" });
  const opened = openDialog(t("display"), "display-dialog", body);
  const choice = <T extends string>(legend: Key, name: string, values: [T, string][], now: T, set: (value: T) => void) =>
    h(
      "fieldset",
      { class: "segmented" },
      h("legend", {}, t(legend)),
      values.map(([value, label]) => {
        const input = h("input", { type: "radio", name, value, checked: value === now, "data-testid": `${name}-${value}` });
        input.addEventListener("change", () => {
          set(value);
          draw();
          body.querySelector<HTMLElement>(`input[name=${name}]:checked`)?.focus();
        });
        return h("label", {}, input, h("span", {}, label));
      }),
    );
  const draw = () => {
    const { theme, language, palette } = store.get();
    const heading = opened.dialog.querySelector("h2");
    if (heading) heading.textContent = t("display");
    fill(
      body,
      choice<Theme>("theme", "theme", [["system", t("themeSystem")], ["light", t("themeLight")], ["dark", t("themeDark")]], theme, (value) => store.set({ theme: value })),
      choice<Language>("language", "language", [["en", "English"], ["es", "Español"]], language, (value) => store.set({ language: value })),
      choice<Palette>("palette", "palette", [["standard", t("paletteStandard")], ["safe", t("paletteSafe")]], palette, (value) => store.set({ palette: value })),
    );
  };
  draw();
}
