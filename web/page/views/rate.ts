// SPDX-License-Identifier: Apache-2.0
// The rating dialog: stars, tags, a comment, and for a route its blocks one by one.
import { language, t, type Key } from "../i18n";
import { api, ask } from "../lib/api";
import type { Block } from "../lib/blocks";
import { openDialog } from "../lib/dialog";
import { fill, h } from "../lib/dom";
import { notify, why } from "../lib/feedback";
import { uuid } from "../lib/format";
import { readAnew } from "../lib/votes";
import { keep, type NewRating } from "../offline/queue";
import { needAccount } from "./account";

export type Subject =
  | { kind: "segment"; segment_id: string; street: string }
  | { kind: "route"; route: () => Promise<SavedId>; blocks: Block[]; source: "recording" | "manual" };
// A walk becomes a route, which can be rated, only when its rating is sent.
export type SavedId = { route_id: string } | { error: string };

const mostTags = 5;
const longestTag = 50;
const longestComment = 500;
const offered = {
  en: ["well lit", "busy", "quiet", "dark", "poor sidewalk", "heavy traffic", "friendly", "isolated", "clean", "construction"],
  es: ["bien iluminada", "concurrida", "tranquila", "oscura", "mala acera", "mucho tráfico", "amable", "solitaria", "limpia", "obras"],
};

const device = (): "mobile" | "desktop" => (matchMedia("(pointer: coarse)").matches ? "mobile" : "desktop");
const lengthOf = (text: string) => [...text].length; // code points, as the server counts

function starChoice(onChoose: (stars: number) => void): HTMLElement {
  const paint = (upTo: number) =>
    labels.forEach((label, i) => (label.querySelector(".star")!.textContent = i < upTo ? "★" : "☆"));
  const labels = [1, 2, 3, 4, 5].map((n) => {
    const input = h("input", { type: "radio", name: "stars", value: n, class: "hidden", "aria-label": t(`star${n}` as Key), "data-testid": `star-${n}` });
    input.addEventListener("change", () => (paint(n), onChoose(n)));
    return h("label", { class: "star-label" }, input, h("span", { class: "star", "aria-hidden": "true" }, "☆"));
  });
  return h("fieldset", { class: "star-choice" }, h("legend", {}, t("rateQuestion")), h("div", { class: "star-row" }, labels));
}

function tagChoice(language: "en" | "es"): { element: HTMLElement; chosen: () => string[] } {
  const chosen = new Set<string>();
  const own: string[] = [];
  const hint = h("p", { class: "hint", role: "status", "data-testid": "tags-hint" });
  const list = h("div", { class: "chips" });
  const input = h("input", { type: "text", maxlength: longestTag, "aria-label": t("tagOwn"), placeholder: t("tagOwn"), "data-testid": "tag-own" });
  const add = h("button", { type: "button", on: { click: () => addOwn() } }, t("tagAdd"));
  const draw = () => {
    const full = chosen.size >= mostTags;
    hint.textContent = t("tagsHint", { n: chosen.size });
    input.disabled = add.disabled = full;
    fill(
      list,
      [...offered[language], ...own].map((tag) => {
        const on = chosen.has(tag);
        return h("button", { type: "button", class: "chip", "aria-pressed": String(on), disabled: full && !on, "data-testid": "tag", "data-tag": tag, on: { click: () => toggle(tag) } }, on ? `✓ ${tag}` : tag);
      }),
    );
  };
  const toggle = (tag: string) => {
    if (chosen.has(tag)) chosen.delete(tag);
    else if (chosen.size < mostTags) chosen.add(tag);
    draw();
    list.querySelector<HTMLElement>(`[data-tag="${CSS.escape(tag)}"]`)?.focus();
  };
  const addOwn = () => {
    const tag = input.value.trim().toLowerCase();
    if (!tag || lengthOf(tag) > longestTag || chosen.size >= mostTags) return;
    if (!own.includes(tag) && !offered[language].includes(tag)) own.push(tag);
    chosen.add(tag);
    input.value = "";
    draw();
    if (!input.disabled) input.focus();
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // not the whole form
    addOwn();
  });
  draw();
  return {
    element: h("fieldset", {}, h("legend", {}, t("tags")), list, h("div", { class: "row row-tight" }, input, add), hint),
    chosen: () => [...chosen],
  };
}

function blockChoice(blocks: Block[]): { element: HTMLElement; overrides: () => { segment_id: string; rating: number }[] } {
  const choices = blocks.map((block, i) => {
    const id = `block-${i}`;
    const select = h(
      "select",
      { id, "data-testid": "block-rating" },
      h("option", { value: "" }, t("blockSame")),
      [1, 2, 3, 4, 5].map((n) => h("option", { value: n }, n === 1 ? t("blockOneStar") : t("blockStars", { n }))),
    );
    const where = i === 0 ? ` (${t("blockStart")})` : i === blocks.length - 1 ? ` (${t("blockEnd")})` : "";
    return { block, select, row: h("li", { class: "block", "data-testid": "block" }, h("label", { for: id }, `${i + 1}. ${block.street}${where}`), select) };
  });
  return {
    element: h("fieldset", { class: "blocks" }, h("legend", {}, t("blocks")), h("p", { class: "hint" }, t("blocksHint")), h("ol", {}, choices.map((c) => c.row))),
    overrides: () => {
      const byId = new Map<string, number>(); // a segment that is walked twice is rated once
      for (const { block, select } of choices)
        if (select.value) for (const id of block.segment_ids) byId.set(id, Number(select.value));
      return [...byId].map(([segment_id, rating]) => ({ segment_id, rating }));
    },
  };
}

// True when a rating was given (or kept for later).
export function openRating(subject: Subject): Promise<boolean> {
  const rating_id = uuid();
  return new Promise((done) => {
    let rating = 0;
    let given = false;
    let timestamp = ""; // of the first try: the same rating again is the same to the last member
    const submit = h("button", { type: "submit", class: "primary", disabled: true, "aria-describedby": "submit-hint", "data-testid": "rate-submit" }, t("submit"));
    const needs = h("p", { class: "hint", id: "submit-hint" }, t("submitNeeds"));
    const error = h("p", { class: "error", role: "alert" });
    const stars = starChoice((n) => {
      rating = n;
      submit.disabled = false;
      needs.textContent = "";
    });
    const tags = tagChoice(language());
    const left = h("p", { class: "hint", id: "comment-left", "data-testid": "comment-left" }, t("commentLeft", { n: 0 }));
    const comment = h("textarea", { id: "rate-comment", rows: 3, maxlength: longestComment, "aria-describedby": "comment-left", "data-testid": "rate-comment" });
    comment.addEventListener("input", () => (left.textContent = t("commentLeft", { n: lengthOf(comment.value) })));
    const blocks = subject.kind === "route" ? blockChoice(subject.blocks) : null;

    const send = async (event: Event) => {
      event.preventDefault();
      if (rating === 0) return;
      submit.disabled = true;
      error.textContent = "";
      const refused = (text: string) => {
        submit.disabled = false;
        error.textContent = text;
      };
      if (!(await needAccount())) return refused("");
      const saved = subject.kind === "route" ? await subject.route() : null;
      if (saved && "error" in saved) return refused(saved.error);
      const overrides = blocks?.overrides() ?? [];
      const body: NewRating = {
        rating_id,
        rating,
        timestamp: (timestamp ||= new Date().toISOString()),
        metadata: { device: device(), source: subject.kind === "route" ? subject.source : "manual" },
        ...(subject.kind === "segment" ? { segment_id: subject.segment_id } : (saved ?? {})),
        ...(tags.chosen().length > 0 ? { tags: tags.chosen() } : {}),
        ...(comment.value.trim() ? { comment: comment.value.trim() } : {}),
        ...(overrides.length > 0 ? { overrides } : {}),
      };
      const answer = await ask(api.POST("/api/v1/diary/ratings", { body }));
      if (!answer.ok && answer.offline && (await keep(body))) {
        given = true;
        notify(t("ratedLater"));
        return opened.close();
      }
      if (!answer.ok) return refused(why(answer));
      given = true;
      notify(t(answer.data.status === "accepted" ? "rated" : "ratedReview"), "good");
      if (subject.kind === "segment") void readAnew(subject.segment_id);
      opened.close();
    };
    const opened = openDialog(
      subject.kind === "route" ? t("rateRoute") : t("rateThis"),
      "rate-dialog",
      h(
        "form",
        { class: "stack", on: { submit: send } },
        subject.kind === "segment" && h("p", { class: "lead" }, subject.street),
        stars,
        tags.element,
        h("div", { class: "field" }, h("label", { for: "rate-comment" }, t("comment")), comment, left),
        blocks?.element,
        error,
        needs,
        h("div", { class: "row dialog-foot" }, h("button", { type: "button", "data-testid": "rate-cancel", on: { click: () => opened.close() } }, t("cancel")), submit),
      ),
      () => done(given),
    );
    opened.dialog.querySelector<HTMLElement>("input[name=stars]")?.focus();
  });
}
