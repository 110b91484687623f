// SPDX-License-Identifier: Apache-2.0
// The search box for streets: a combobox whose list is led by the arrow keys.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { fill, h } from "../lib/dom";
import { why } from "../lib/feedback";
import { icon } from "../lib/icons";
import type { Schemas } from "../lib/store";

type Found = Schemas["StreetFound"];
const pauseMs = 220;
let boxes = 0;

export interface SearchBox {
  element: HTMLElement;
  input: HTMLInputElement;
}

export function searchBox(label: string, testId: string, choose: (street: Found) => void, value = "", keep = false): SearchBox {
  const id = `search-${++boxes}`;
  let found: Found[] = [];
  let active = -1;
  let timer = 0;
  let asked = 0;
  const list = h("ul", { role: "listbox", id: `${id}-list`, class: "results", "aria-label": label, hidden: true });
  const told = h("p", { class: "hidden", role: "status" });
  const none = h("p", { class: "hint search-none", hidden: true });
  const input = h("input", {
    id,
    type: "text",
    role: "combobox",
    class: "search-input",
    placeholder: t("searchPlaceholder"),
    "aria-label": label,
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": `${id}-list`,
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 200,
    "data-testid": testId,
  });
  input.value = value;

  const show = (open: boolean) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) input.removeAttribute("aria-activedescendant");
  };
  const mark = (at: number) => {
    active = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at >= 0) {
      input.setAttribute("aria-activedescendant", `${id}-${at}`);
      list.children[at]?.scrollIntoView({ block: "nearest" });
    }
  };
  const take = (at: number) => {
    const street = found[at];
    if (!street) return;
    input.value = keep ? street.street : "";
    show(false);
    choose(street);
  };
  const look = async () => {
    const q = input.value.trim();
    const mine = ++asked;
    none.hidden = true;
    if (q.length < 2) return show(false);
    const answer = await ask(api.GET("/api/v1/diary/segments/search", { params: { query: { q, limit: 8 } } }));
    if (mine !== asked) return;
    found = answer.ok ? answer.data.streets : [];
    if (found.length === 0) {
      show(false);
      none.textContent = answer.ok ? t("searchNone") : why(answer);
      none.hidden = false;
      told.textContent = none.textContent;
      return;
    }
    told.textContent = t("searchCount", { n: found.length });
    fill(
      list,
      found.map((street, i) =>
        h(
          "li",
          {
            role: "option",
            id: `${id}-${i}`,
            "aria-selected": "false",
            "data-testid": "search-result",
            on: { mousedown: (event: Event) => (event.preventDefault(), take(i)) },
          },
          h("span", {}, street.street),
          street.neighborhood && h("span", { class: "hint" }, street.neighborhood),
        ),
      ),
    );
    show(true);
    mark(0);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), pauseMs);
  });
  input.addEventListener("blur", () => show(false));
  input.addEventListener("keydown", (event) => {
    const open = !list.hidden;
    if (event.key === "ArrowDown" && open) mark((active + 1) % found.length);
    else if (event.key === "ArrowUp" && open) mark((active + found.length - 1) % found.length);
    else if (event.key === "Enter" && open) take(active);
    else if (event.key === "Escape" && open) {
      show(false);
      event.stopPropagation();
    } else return;
    event.preventDefault();
  });
  const element = h("div", { class: "search" }, icon("search"), input, list, none, told);
  return { element, input };
}
