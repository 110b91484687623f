// SPDX-License-Identifier: Apache-2.0
// Chart.js with just what is used; loaded when the first chart is.
import { BarController, BarElement, CategoryScale, Chart, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip, type ChartConfiguration } from "chart.js";

import { calm } from "../lib/dom";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement, Tooltip);

const token = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const inks = () => ({ text: token("--ink-2"), strong: token("--ink"), grid: token("--line") });

export function draw(canvas: HTMLCanvasElement, config: ChartConfiguration): Chart {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 12;
  Chart.defaults.color = inks().text;
  Chart.defaults.borderColor = inks().grid;
  if (calm()) Chart.defaults.animation = false;
  return new Chart(canvas, config);
}
