// SPDX-License-Identifier: Apache-2.0
// The page's build, and `npm run dev`: the page from its sources, with the API of a server that runs beside it.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const server = process.env.DIARY_URL ?? "http://127.0.0.1:8080";
const proxied = { target: server, changeOrigin: true };

export default defineConfig({
  root: join(dirname(fileURLToPath(import.meta.url)), "page"),
  base: "/",
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // the page's policy allows nothing inline
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": proxied, "/tiles": proxied } },
});
