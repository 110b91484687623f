// SPDX-License-Identifier: Apache-2.0
// Questions for routes put to a server one by one.

async function post(url, question) {
  const response = await fetch(`${url}/api/v1/routing/calculate`,
    { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(question) });
  return { status: response.status, text: await response.text() };
}

// The text of the answer; undefined: no way leads there.
export async function route(url, question) {
  const { status, text } = await post(url, question);
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`POST /routing/calculate ${JSON.stringify(question)}: ${status} ${text}`);
  return text;
}

// The graph is built after a server's start.
export async function untilRoutes(url, question) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const { status, text } = await post(url, question);
    if (status === 200 || status === 404) return;
    if (status !== 503 || Date.now() > deadline) throw new Error(`POST /routing/calculate: ${status} ${text}`);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

// What the server says the routes cost; undefined where no way leads.
export async function costsOverHttp(url, questions) {
  const costs = [];
  for (const question of questions) {
    const text = await route(url, question);
    costs.push(text === undefined ? undefined : JSON.parse(text).primary.cost_score);
  }
  return costs;
}
