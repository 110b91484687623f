// SPDX-License-Identifier: Apache-2.0
// The one state of the page. Whoever shows a part of it subscribes to that part.
import type { components } from "../../src/api/schema.js";

// openapi-fetch gives positions as number[], whatever the document says of their length; so do these.
type Wide<T> = T extends readonly (infer U)[] ? Wide<U>[] : T extends object ? { [K in keyof T]: Wide<T[K]> } : T;
export type Schemas = { [K in keyof components["schemas"]]: Wide<components["schemas"][K]> };
export type Segment = Schemas["Segment"];
export type Route = Schemas["Route"];
export type RouteAnswer = Schemas["RouteAnswer"];
export type SavedRoute = Schemas["SavedRoute"];
export type Position = [number, number];
export type Bbox = [number, number, number, number];

export const viewNames = ["map", "plan", "record", "routes", "community", "insights"] as const;
export type ViewName = (typeof viewNames)[number];
export type Theme = "system" | "light" | "dark";
export type Language = "en" | "es";
export type Palette = "standard" | "safe";

export interface Session {
  token: string;
  user: Schemas["User"];
  expires: number; // ms since the epoch
}

export interface Walk {
  name: string;
  segment_ids: string[];
  geometry: Schemas["LineString"];
  length_m: number;
}

export interface State {
  view: ViewName;
  params: URLSearchParams;
  session: Session | null;
  theme: Theme;
  language: Language;
  palette: Palette;
  online: boolean;
  queued: number;
  origin: Position | null;
  destination: Position | null;
  weight: number;
  walk: Walk | null; // what Record follows
  live: "connecting" | "open" | "lost";
}

type Listener<T> = (value: T, before: T) => void;

export class Store<S extends object> {
  private state: S;
  private readonly listeners = new Set<() => void>();

  constructor(initial: S) {
    this.state = initial;
  }

  get(): Readonly<S> {
    return this.state;
  }

  set(patch: Partial<S>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of [...this.listeners]) listener();
  }

  // Calls back whenever what `pick` gives has become another value. Returns how to stop.
  on<T>(pick: (state: S) => T, listener: Listener<T>): () => void {
    let before = pick(this.state);
    const check = () => {
      const now = pick(this.state);
      if (Object.is(now, before)) return;
      const was = before;
      before = now;
      listener(now, was);
    };
    this.listeners.add(check);
    return () => this.listeners.delete(check);
  }
}

const kept = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T => {
  const value = localStorage.getItem(key) as T | null;
  return value !== null && allowed.includes(value) ? value : otherwise;
};

function keptSession(): Session | null {
  try {
    const session = JSON.parse(localStorage.getItem("session") ?? "null") as Session | null;
    return session && session.expires > Date.now() ? session : null;
  } catch {
    return null;
  }
}

export const store = new Store<State>({
  view: "map",
  params: new URLSearchParams(),
  session: keptSession(),
  theme: kept("theme", ["system", "light", "dark"] as const, "system"),
  language: kept("language", ["en", "es"] as const, navigator.language.startsWith("es") ? "es" : "en"),
  palette: kept("palette", ["standard", "safe"] as const, "standard"),
  online: navigator.onLine,
  queued: 0,
  origin: null,
  destination: null,
  weight: 0.5,
  walk: null,
  live: "connecting",
});

for (const key of ["theme", "language", "palette"] as const)
  store.on((state) => state[key], (value) => localStorage.setItem(key, value));
store.on(
  (state) => state.session,
  (session) => {
    if (session) localStorage.setItem("session", JSON.stringify(session));
    else localStorage.removeItem("session");
  },
);

// What happens, as opposed to what is.
export interface Score {
  segment_id: string;
  decayed_mean: number;
  n_eff: number;
  confidence: number;
  delta_30d: number;
  top_tags: string[];
  last_updated: string;
}

export class Signal<T> {
  private readonly listeners = new Set<(value: T) => void>();
  on(listener: (value: T) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  emit(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
}

export const scored = new Signal<Score>();
