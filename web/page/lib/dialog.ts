// SPDX-License-Identifier: Apache-2.0
// A modal dialog: focus goes in, stays in, and comes back; Escape cancels. The element keeps the rest inert.
import { h } from "./dom";
import { icon } from "./icons";
import { t } from "../i18n";

export interface Opened {
  dialog: HTMLDialogElement;
  close: () => void;
}

let opened = 0;

export function openDialog(title: string, testId: string, body: HTMLElement, onClose: () => void = () => {}): Opened {
  const before = document.activeElement;
  const titleId = `dialog-${++opened}`;
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    { class: "dialog", "aria-labelledby": titleId, "aria-modal": "true", "data-testid": testId },
    h(
      "header",
      { class: "dialog-head" },
      h("h2", { id: titleId }, title),
      h("button", { type: "button", class: "quiet round", "aria-label": t("close"), on: { click: close } }, icon("close")),
    ),
    body,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    onClose();
  });
  // The browser lets Tab leave a dialog for its own controls; here it goes round.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const stops = [...dialog.querySelectorAll<HTMLElement>("button, input, select, textarea, a[href], [tabindex]")].filter(
      (stop) => !stop.hasAttribute("disabled") && stop.tabIndex >= 0 && stop.offsetParent !== null && !unchosenRadio(stop),
    );
    const first = stops[0];
    const last = stops[stops.length - 1];
    if (!first || !last) return;
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, close };
}

// Of a group of radio buttons Tab reaches one.
function unchosenRadio(stop: HTMLElement): boolean {
  if (!(stop instanceof HTMLInputElement) || stop.type !== "radio" || stop.checked) return false;
  const group = [...(stop.form ?? document).querySelectorAll<HTMLInputElement>(`input[type=radio][name="${stop.name}"]`)];
  return group.some((radio) => radio.checked) || group[0] !== stop;
}
