// SPDX-License-Identifier: Apache-2.0
// `diary serve --demo` as its users run it, on a free port with a private database of its own.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const plenty = "1000000";

export async function startServer(binary, extra = {}) {
  const folder = mkdtempSync(join(tmpdir(), "diary-web-"));
  chmodSync(folder, 0o755); // the database's user passes through
  const environment = {
    ...process.env,
    DIARY_BCRYPT_COST: "4",
    DIARY_RATINGS_PER_HOUR: plenty,
    DIARY_VOTES_PER_HOUR: plenty,
    RATE_LIMIT_MAX_ANONYMOUS: plenty,
    RATE_LIMIT_MAX_AUTHENTICATED: plenty,
    RATE_LIMIT_MAX_ROUTING: plenty,
    RATE_LIMIT_MAX_ROUTING_ANONYMOUS: plenty,
    ...extra,
  };
  const program = spawn(binary, ["serve", "--demo", "--data", join(folder, "data"), "--listen", "127.0.0.1:0"], {
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  program.stderr.on("data", (bytes) => (log = (log + bytes).slice(-20_000)));
  const ended = new Promise((done) => program.on("exit", done));
  const url = await new Promise((found, failed) => {
    createInterface({ input: program.stdout }).on("line", (line) => {
      const said = /listening on (\S+)/.exec(line);
      if (said) found(said[1]);
    });
    void ended.then((code) => failed(new Error(`the server ended with ${code}\n${log}`)));
  });
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop, log: () => log };
}
