// SPDX-License-Identifier: Apache-2.0
// Ratings given without a connection: kept in the browser's database under the id that they will be stored under, and
// sent when there is one again. The id makes a second sending harmless; the lock keeps two tabs from doing it at once.
import { t } from "../i18n";
import { api, ask } from "../lib/api";
import { notify, why } from "../lib/feedback";
import { scored, store, type Schemas } from "../lib/store";
import { readAnew } from "../lib/votes";

export type NewRating = Schemas["NewRating"] & { rating_id: string };
interface Waiting {
  rating_id: string;
  user_id: string;
  body: NewRating;
  kept_at: number;
}

const most = 100;
const againMs = 30_000;
const soonMs = 3000; // "online" comes a little before the connection

function database(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open("diary", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("ratings", { keyPath: "rating_id" });
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
}

async function work<T>(mode: IDBTransactionMode, run: (ratings: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await database();
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = db.transaction("ratings", mode);
      const request = run(transaction.objectStore("ratings"));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    db.close();
  }
}

const waiting = async (): Promise<Waiting[]> =>
  ((await work("readonly", (ratings) => ratings.getAll())) as Waiting[]).sort((a, b) => a.kept_at - b.kept_at);

async function count(): Promise<void> {
  store.set({ queued: await work("readonly", (ratings) => ratings.count()) });
}

// False when there is no room, or no database in this browser.
export async function keep(body: NewRating): Promise<boolean> {
  const user_id = store.get().session?.user.user_id;
  if (!user_id) return false;
  try {
    if ((await work("readonly", (ratings) => ratings.count())) >= most) return false;
    const row: Waiting = { rating_id: body.rating_id, user_id, body, kept_at: Date.now() };
    await work("readwrite", (ratings) => ratings.put(row));
    await count();
    return true;
  } catch {
    return false;
  }
}

let soon = 0;

async function send(): Promise<void> {
  const user_id = store.get().session?.user.user_id;
  if (!user_id) return;
  let sent = 0;
  for (const row of await waiting()) {
    if (row.user_id !== user_id) continue; // another person's, for when they are back
    const answer = await ask(api.POST("/api/v1/diary/ratings", { body: row.body }));
    const later = !answer.ok && (answer.offline || answer.status === 401 || answer.status === 429 || answer.status >= 500);
    if (later) {
      clearTimeout(soon);
      if (navigator.onLine && answer.status !== 429) soon = window.setTimeout(() => void flush(), soonMs);
      break;
    }
    await work("readwrite", (ratings) => ratings.delete(row.rating_id));
    if (answer.ok) {
      ++sent;
      if (row.body.segment_id) void readAnew(row.body.segment_id);
    } else notify(t("droppedQueued", { why: why(answer) }), "bad");
  }
  await count();
  if (sent > 0) notify(sent === 1 ? t("sentOne") : t("sentMany", { n: sent }), "good");
}

let sending: Promise<void> | null = null;
export function flush(): Promise<void> {
  const locked = () => (navigator.locks ? navigator.locks.request("diary-ratings", send) : send());
  sending ??= Promise.resolve(locked())
    .catch(() => undefined)
    .finally(() => (sending = null)) as Promise<void>;
  return sending;
}

export function startQueue(): void {
  void count().catch(() => undefined);
  const retry = () => store.get().queued > 0 && void flush();
  addEventListener("online", () => void flush());
  store.on((state) => state.session, (session) => session && void flush());
  // navigator.onLine knows of cables, not of servers: what waits is tried now and then as well.
  setInterval(retry, againMs);
  scored.on(retry); // somebody's rating came in, so there is a connection
  void flush();
}
