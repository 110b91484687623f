// SPDX-License-Identifier: Apache-2.0
// The card of one street segment: what it scores, how sure that is, and two ways to say so oneself.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { calm, fill, h } from "../lib/dom";
import { failure, notify, skeleton, why } from "../lib/feedback";
import { ago, metres, one, signed, stars } from "../lib/format";
import { icon } from "../lib/icons";
import { go } from "../lib/router";
import { scored, store, type Position, type Segment } from "../lib/store";
import { hasVoted, vote, type Action } from "../lib/votes";
import { withMap } from "../map/current";
import { needAccount } from "./account";
import { openRating } from "./rate";

const changed = 0.5;
const sure = 0.7;
const tagsShown = 3;

const starsLine = (score: number) =>
  h("p", { class: "stars", role: "img", "aria-label": t("cardStars", { score: one(score) }), "data-testid": "card-stars" }, `${stars(score)} ${one(score)}`);

function deltaLine(delta: number): HTMLElement | null {
  if (Math.abs(delta) < changed) return null;
  const up = delta > 0;
  return h(
    "p",
    { class: `delta ${up ? "delta-up" : "delta-down"}`, "data-testid": "card-delta" },
    h("span", {}, t(up ? "cardSafer" : "cardRiskier", { delta: signed(delta) })),
  );
}

function confidence(value: number): HTMLElement {
  const tenths = Math.round(value * 10);
  const fillBar = h("div", { class: `bar-fill ${value >= sure ? "bar-sure" : "bar-unsure"}`, "data-testid": "confidence-fill" });
  fillBar.style.width = `${tenths * 10}%`;
  return h("div", { class: "confidence" }, h("p", { "data-testid": "card-confidence" }, t("cardConfidence", { n: tenths })), h("div", { class: "bar", "aria-hidden": "true" }, fillBar));
}

export function voteButtons(segment: string, onVote: () => void = () => {}): HTMLElement {
  const box = h("div", { class: "votes" });
  const draw = () => {
    const button = (action: Action) => {
      const used = hasVoted(segment, action);
      const reason = `reason-${action}-${segment}`;
      const made = h(
        "button",
        {
          type: "button",
          disabled: used,
          "data-testid": `vote-${action}`,
          ...(used ? { "aria-describedby": reason, title: t(action === "agree" ? "votedAgree" : "votedSafer") } : {}),
          on: { click: () => void press(action, made) },
        },
        t(action),
      );
      return { made, why: used && h("p", { class: "hint", id: reason, "data-testid": `reason-${action}` }, t(action === "agree" ? "votedAgree" : "votedSafer")) };
    };
    const both = [button("agree"), button("safer")];
    fill(box, h("div", { class: "row" }, both.map((b) => b.made)), both.map((b) => b.why));
  };
  const press = async (action: Action, button: HTMLButtonElement) => {
    if (!(await needAccount())) return;
    button.disabled = true;
    const answer = await vote(segment, action);
    if (answer.ok) notify(t("voteThanks"), "good");
    else if (answer.problem?.error !== "duplicate_vote") notify(why(answer), "bad");
    draw();
    const next = box.querySelector<HTMLElement>("button:not([disabled])") ?? box.closest<HTMLElement>("[tabindex]");
    next?.focus({ preventScroll: true });
    if (answer.ok) onVote();
  };
  draw();
  return box;
}

function ratings(id: string): HTMLElement {
  const list = h("div", {});
  const load = async () => {
    fill(list, skeleton(2));
    const answer = await ask(api.GET("/api/v1/diary/segments/{segment_id}/ratings", { params: { path: { segment_id: id }, query: { limit: 5 } } }));
    if (!answer.ok) return fill(list, failure(why(answer), () => void load()));
    fill(
      list,
      answer.data.ratings.length === 0 ? h("p", { class: "hint" }, t("noComments")) : h("ul", { class: "ratings" }, answer.data.ratings.map((rating) => ratingItem(rating))),
    );
  };
  const details = h("details", { class: "more", "data-testid": "recent-ratings" }, h("summary", {}, t("recentRatings")), list);
  details.addEventListener("toggle", () => details.open && void load());
  return details;
}

export const ratingItem = (rating: { rating: number; comment?: string; tags: string[]; timestamp: string }, where?: string): HTMLElement =>
  h(
    "li",
    { class: "rating" },
    h("p", {}, h("span", { class: "stars-small", role: "img", "aria-label": t("cardStars", { score: rating.rating }) }, stars(rating.rating)), " ", h("span", { class: "hint" }, ago(rating.timestamp), where && ` ${t("on", { street: where })}`)),
    rating.comment && h("p", {}, rating.comment),
    rating.tags.length > 0 && h("p", { class: "hint" }, rating.tags.join(" · ")),
  );

export interface Card {
  element: HTMLElement;
  destroy: () => void;
}

export function segmentCard(id: string, onClose: () => void): Card {
  const body = h("div", { class: "stack" });
  const titleId = "card-title";
  const element = h("article", { class: "card", tabindex: "-1", "aria-labelledby": titleId, "data-testid": "segment-card", "data-segment": id }, body);
  let segment: Segment | null = null;
  let live: HTMLElement | null = null;
  const close = h("button", { type: "button", class: "quiet round card-close", "aria-label": t("close"), "data-testid": "card-close", on: { click: onClose } }, icon("close"));

  const figures = (s: Segment) => [
    starsLine(s.decayed_mean),
    deltaLine(s.delta_30d),
    confidence(s.confidence),
    s.n_eff === 0 && h("p", { class: "hint" }, t("cardUnrated")),
    s.top_tags.length > 0 && h("ul", { class: "tags", "aria-label": t("cardTags"), "data-testid": "card-tags" }, s.top_tags.slice(0, tagsShown).map((tag) => h("li", {}, tag))),
  ];
  const draw = (s: Segment) => {
    live = h("div", { class: "stack figures", "aria-live": "polite" }, figures(s));
    const middle = s.geometry.coordinates[Math.floor(s.geometry.coordinates.length / 2)] as Position;
    fill(
      body,
      h(
        "header",
        { class: "card-head" },
        h("div", {}, h("h2", { id: titleId, "data-testid": "card-header" }, t("cardHeader", { street: s.street, metres: metres(s.length_m) })), s.neighborhood && h("p", { class: "hint" }, s.neighborhood)),
        close,
      ),
      live,
      voteButtons(id),
      h("button", { type: "button", class: "primary wide", "data-testid": "rate-segment", on: { click: () => void openRating({ kind: "segment", segment_id: id, street: s.street }) } }, t("rateStreet")),
      h(
        "div",
        { class: "row" },
        h("button", { type: "button", on: { click: () => (store.set({ origin: middle }), go("plan")) } }, t("planFrom")),
        h("button", { type: "button", on: { click: () => (store.set({ destination: middle }), go("plan")) } }, t("planTo")),
      ),
      ratings(id),
    );
  };
  const load = async () => {
    fill(body, h("header", { class: "card-head" }, h("h2", { id: titleId, class: "hidden" }, t("loading")), close), skeleton(4));
    const answer = await ask(api.GET("/api/v1/diary/segments/{segment_id}", { params: { path: { segment_id: id } } }));
    if (!answer.ok || !("decayed_mean" in answer.data)) {
      const text = !answer.ok && answer.status === 404 ? t("streetGone") : answer.ok ? t("failed") : why(answer);
      return fill(body, h("header", { class: "card-head" }, h("h2", { id: titleId, class: "hidden" }, t("failed")), close), failure(text, () => void load()));
    }
    segment = answer.data;
    draw(segment);
    const { geometry } = segment;
    withMap((map) => {
      if (!element.isConnected) return;
      map.select(geometry);
      map.reveal(geometry.coordinates[Math.floor(geometry.coordinates.length / 2)] as Position);
    });
  };
  const stop = scored.on((score) => {
    if (score.segment_id !== id || !segment || !live) return;
    segment = { ...segment, ...score };
    fill(live, figures(segment));
    if (!calm()) live.animate([{ opacity: 0.4 }, { opacity: 1 }], { duration: 300, easing: "ease-out" });
  });
  const escape = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) onClose();
  };
  document.addEventListener("keydown", escape);
  void load();
  return {
    element,
    destroy: () => {
      stop();
      document.removeEventListener("keydown", escape);
      withMap((map) => map.select(null));
    },
  };
}
