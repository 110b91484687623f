// SPDX-License-Identifier: Apache-2.0
// Numbers and times as people read them. The forms are fixed, so that a score looks the same everywhere.
import { language } from "../i18n";

const fixed = (value: number, digits: number): string => {
  const unit = 10 ** digits;
  return (Math.round(value * unit + Number.EPSILON * unit) / unit).toFixed(digits);
};

export const one = (value: number): string => fixed(value, 1);
export const signed = (value: number): string => (Number(one(value)) < 0 ? "" : "+") + one(value);
export const metres = (value: number): string => `${Math.round(value)}m`;
export const kilometres = (value: number): string => `${one(value / 1000)} km`;
export const minutes = (value: number): string => `${Math.round(value)} min`;
export const distance = (value: number): string => (value < 1000 ? `${Math.round(value)} m` : kilometres(value));

export function stars(score: number): string {
  const full = Math.max(0, Math.min(5, Math.round(score)));
  return "★".repeat(full) + "☆".repeat(5 - full);
}

// "Nov 29", whatever the language calls the month.
export function monthDay(date: string): string {
  const parts = new Intl.DateTimeFormat(language() === "es" ? "es" : "en-US", { month: "short", day: "2-digit", timeZone: "UTC" })
    .formatToParts(new Date(`${date.slice(0, 10)}T00:00:00Z`));
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  const month = part("month").replace(".", "");
  return `${month.charAt(0).toUpperCase()}${month.slice(1)} ${part("day")}`;
}

export function ago(time: string): string {
  const hours = Math.round((Date.parse(time) - Date.now()) / 3_600_000);
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  return Math.abs(hours) < 24 ? format.format(hours, "hour") : format.format(Math.round(hours / 24), "day");
}

export function uuid(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // not a secure context
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
