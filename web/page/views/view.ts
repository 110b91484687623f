// SPDX-License-Identifier: Apache-2.0
export interface View {
  element: HTMLElement;
  sheet?: "peek" | "half" | "full"; // how much of it a phone shows first
  destroy?: () => void;
}
export type MakeView = (params: URLSearchParams) => View;
