// SPDX-License-Identifier: Apache-2.0
// Calls of the API with one kind of answer: data, a problem the server told of, or no connection.
import { createApi, type Problem } from "../../src/api/client.js";
import { store } from "./store";

export type { Problem };
export type Answer<T> =
  | { ok: true; data: T; status: number }
  | { ok: false; problem: Problem | null; offline: boolean; status: number };

export const api = createApi("", () => store.get().session?.token);

interface Sent {
  data?: unknown;
  error?: unknown;
  response: Response;
}

export async function ask<R extends Sent>(call: Promise<R>): Promise<Answer<NonNullable<R["data"]>>> {
  try {
    const { data, error, response } = await call;
    // A token that was given up or has run out: one is a visitor again.
    if (response.status === 401 && store.get().session) store.set({ session: null });
    if (response.ok) return { ok: true, data: data as NonNullable<R["data"]>, status: response.status };
    const problem = typeof error === "object" && error !== null && "error" in error ? (error as Problem) : null;
    return { ok: false, problem, offline: response.headers.get("X-Diary-Offline") !== null, status: response.status };
  } catch {
    return { ok: false, problem: null, offline: true, status: 0 };
  }
}
