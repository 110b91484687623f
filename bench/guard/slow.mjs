// SPDX-License-Identifier: Apache-2.0
// slow.mjs PID: holds that process still for 15 of each 20 ms, until stdin ends or the process is gone.

const pid = Number(process.argv[2]);
const [still_ms, moving_ms] = [15, 5];
let timer;

const send = (signal) => {
  try {
    process.kill(pid, signal);
  } catch {
    process.exit(0);
  }
};

function hold() {
  send('SIGSTOP');
  timer = setTimeout(() => {
    send('SIGCONT');
    timer = setTimeout(hold, moving_ms);
  }, still_ms);
}

function leave() {
  clearTimeout(timer);
  send('SIGCONT');
  process.exit(0);
}

process.stdin.on('end', leave).resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, leave);
process.stdout.write('slowing\n');
hold();
