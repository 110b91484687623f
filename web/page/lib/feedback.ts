// SPDX-License-Identifier: Apache-2.0
// What is told to the person: short notices, and errors in words with a next step.
import { t } from "../i18n";
import type { Answer } from "./api";
import { h } from "./dom";
import { icon } from "./icons";

const shownMs = 6000;
let region: HTMLElement | null = null;

export function noticeRegion(): HTMLElement {
  region = h("div", { class: "notices", role: "status", "aria-live": "polite", "data-testid": "notices" });
  return region;
}

export function notify(text: string, kind: "good" | "bad" | "plain" = "plain"): void {
  const note = h(
    "div",
    { class: `notice notice-${kind}` },
    h("span", {}, text),
    h("button", { type: "button", class: "quiet", "aria-label": t("close"), on: { click: () => note.remove() } }, icon("close")),
  );
  region?.append(note);
  setTimeout(() => note.remove(), shownMs);
}

export function why(answer: Extract<Answer<unknown>, { ok: false }>): string {
  if (answer.offline) return t("failedOffline");
  if (answer.problem?.error === "duplicate_rating") return t("ratedBefore");
  if (answer.problem?.error === "no_route") return t("noRoute");
  if (answer.status === 429) return t("failedBusy", { minutes: Math.ceil((answer.problem?.retry_after ?? 60) / 60) });
  if (answer.problem && answer.status < 500) return answer.problem.detail;
  return t("failed");
}

export const skeleton = (lines = 3, kind = "line"): HTMLElement =>
  h(
    "div",
    { class: "skeleton-group", role: "status", "data-testid": "skeleton" },
    h("span", { class: "hidden" }, t("loading")),
    Array.from({ length: lines }, () => h("div", { class: `skeleton skeleton-${kind}` })),
  );

export const failure = (text: string, retry: () => void): HTMLElement =>
  h(
    "div",
    { class: "state state-error", role: "alert", "data-testid": "error-state" },
    h("p", {}, text),
    h("button", { type: "button", on: { click: retry } }, t("retry")),
  );

export const empty = (text: string, ...next: HTMLElement[]): HTMLElement =>
  h("div", { class: "state", "data-testid": "empty-state" }, h("p", {}, text), next);
