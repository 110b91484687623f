// SPDX-License-Identifier: Apache-2.0
// Agree, and feels safer. The server's rule of 24 hours decides; what it said is remembered for this session.
import { api, ask, type Answer } from "./api";
import { uuid } from "./format";
import { scored, store } from "./store";

export type Action = "agree" | "safer";

const key = (segment: string, action: Action) => `vote ${store.get().session?.user.user_id ?? ""} ${segment} ${action}`;

export const hasVoted = (segment: string, action: Action): boolean => sessionStorage.getItem(key(segment, action)) !== null;

export async function vote(segment: string, action: Action): Promise<Answer<unknown>> {
  const answer = await ask(api.POST("/api/v1/diary/votes", { body: { vote_id: uuid(), segment_id: segment, action } }));
  const before = !answer.ok && answer.problem?.error === "duplicate_vote";
  if (answer.ok || before) sessionStorage.setItem(key(segment, action), "1");
  if (answer.ok) void readAnew(segment);
  return answer;
}

// After one's own 201 the street has its new score; the stream tells the others.
export async function readAnew(segment: string): Promise<void> {
  const answer = await ask(api.GET("/api/v1/diary/segments/{segment_id}", { params: { path: { segment_id: segment } } }));
  if (answer.ok && "decayed_mean" in answer.data) scored.emit(answer.data);
}
