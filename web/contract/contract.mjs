// SPDX-License-Identifier: Apache-2.0
// Holds exchanges of requests and answers, as the tests recorded them, against the OpenAPI document.
import { gunzipSync } from "node:zlib";

import { Document } from "./document.mjs";

const problem = "#/components/schemas/Problem";
const isJson = (type) => type === "application/json" || type.endsWith("+json");
const mediaType = (header) => (header ?? "").split(";")[0].trim().toLowerCase();

function splitTarget(target) {
  const [path, ...query] = target.split("?");
  try {
    return {
      segments: path.slice(1).split("/").map(decodeURIComponent),
      query: [...new URLSearchParams(query.join("?"))],
    };
  } catch {
    return undefined; // no UTF-8: the server has a 400 for it
  }
}

// What stands in a decoded path where the pattern has "{name}", or "{name}.suffix".
function captured(pattern, segments, name) {
  const at = pattern.findIndex((part) => part.startsWith(`{${name}}`));
  const suffix = pattern[at]?.slice(name.length + 2) ?? "";
  return segments[at]?.endsWith(suffix) ? segments[at].slice(0, segments[at].length - suffix.length) : undefined;
}

// {bytes} of a recorded message, or {cut: true} when not all of it was kept.
function bodyOf(message) {
  if (message.body_bytes > message.kept_bytes) return { cut: true };
  const bytes = message.base64 !== undefined ? Buffer.from(message.base64, "base64") : Buffer.from(message.body ?? "");
  if (message.headers["content-encoding"] === "gzip" && bytes.length > 0) return { bytes: gunzipSync(bytes) };
  return { bytes };
}

export class Contract {
  constructor(document) {
    this.document = new Document(document);
    this.seen = new Map(); // "GET /path" -> status -> how often
    this.exchanges = 0;
    this.unknown = new Set(); // query parameters that were sent and ignored, as unknown ones are
    this.cut = 0; // bodies that were too large to be kept, and so not looked into
  }

  // What an exchange breaks; nothing when all is as documented.
  check(exchange) {
    ++this.exchanges;
    const faults = [];
    const target = splitTarget(exchange.target);
    const found = target && this.document.findPath(target.segments);
    const method = exchange.method === "HEAD" ? "get" : exchange.method.toLowerCase();
    if (found?.item[method]) {
      this.#count(exchange, found.path);
      this.#checkAnswer(exchange, found.path, method, faults);
      if (exchange.status >= 200 && exchange.status < 300) this.#checkRequest(exchange, target, found, method, faults);
    } else {
      this.#checkStranger(exchange, found, faults);
    }
    return faults.map((fault) => `${exchange.method} ${exchange.target.slice(0, 120)} -> ${exchange.status}: ${fault}`);
  }

  // The documented 2xx that no exchange had.
  unseen() {
    return this.document.operations().flatMap(({ path, method, operation }) =>
      Object.keys(operation.responses)
        .filter((status) => status.startsWith("2") && !this.seen.get(`${method.toUpperCase()} ${path}`)?.get(status))
        .map((status) => `${method.toUpperCase()} ${path}: the documented ${status} was never seen`));
  }

  #count(exchange, path) {
    const name = `${exchange.method} ${path}`;
    if (!this.seen.has(name)) this.seen.set(name, new Map());
    const statuses = this.seen.get(name);
    statuses.set(String(exchange.status), (statuses.get(String(exchange.status)) ?? 0) + 1);
  }

  // Paths and methods that there are not: 404, 405, and what goes before the search for a path.
  #checkStranger(exchange, found, faults) {
    const { status, response } = exchange;
    if ((found || exchange.target === "*") && exchange.method === "OPTIONS" && status === 204) {
      if (!response.headers.allow) faults.push("no Allow");
      return;
    }
    const anyway = [400, 413, 429, 431, 503]; // before it is known what is asked for
    const right = found ? [405, 401, ...anyway] : [404, ...anyway];
    if (!right.includes(status)) {
      faults.push(found ? "the method is not documented" : "the path is not documented");
      return;
    }
    if (status === 405 && !response.headers.allow) faults.push("no Allow");
    this.#checkProblem(exchange, faults);
  }

  #checkProblem(exchange, faults) {
    if (exchange.method === "HEAD") return;
    if (mediaType(exchange.response.headers["content-type"]) !== "application/problem+json") {
      faults.push(`an error of type ${exchange.response.headers["content-type"]}`);
      return;
    }
    this.#checkJson(exchange.response, problem, "the problem", faults);
  }

  #checkJson(message, where, what, faults) {
    const body = bodyOf(message);
    if (body.cut) {
      ++this.cut;
      return;
    }
    let value;
    try {
      value = JSON.parse(body.bytes.toString("utf8"));
    } catch (e) {
      faults.push(`${what} is no JSON: ${e.message}`);
      return;
    }
    for (const fault of this.document.faults(where, value)) faults.push(`${what}: ${fault}`);
  }

  #checkAnswer(exchange, path, method, faults) {
    const { response, status } = exchange;
    if (status === 431) return this.#checkProblem(exchange, faults); // of any request whatever
    const documented = this.document.response(path, method, status);
    if (!documented) return faults.push("the status is not documented");
    this.#checkHeaders(response, documented, faults);
    const types = documented.value.content ?? {};
    const type = mediaType(response.headers["content-type"]);
    const bytes = response.body_bytes;
    if (exchange.method === "HEAD") {
      if (bytes > 0) faults.push("a HEAD with a body");
    } else if (bytes === 0) {
      if (Object.keys(types).length > 0) faults.push("no body, though one is documented");
      return undefined;
    }
    if (type === "" && bytes === 0) return undefined;
    if (!types[type]) return faults.push(`the type ${type || "(none)"} is not documented`);
    if (bytes > 0 && isJson(type))
      this.#checkJson(response, `${documented.where}/content/${encodeURIComponent(type.replaceAll("/", "~1"))}/schema`, "the answer", faults);
    return undefined;
  }

  #checkHeaders(response, documented, faults) {
    for (const name of Object.keys(documented.value.headers ?? {})) {
      const { value: header, where } = this.document.resolve(`${documented.where}/headers/${encodeURIComponent(name)}`);
      const text = response.headers[name.toLowerCase()];
      if (text === undefined) {
        if (header.required) faults.push(`the header ${name} is missing`);
        continue;
      }
      for (const fault of this.document.textFaults(`${where}/schema`, text)) faults.push(`header ${name}: ${fault} (${text})`);
    }
  }

  // What was taken must be what the document allows.
  #checkRequest(exchange, target, found, method, faults) {
    const parameters = this.document.parameters(found.path, method);
    const query = new Map(target.query); // the last value counts
    for (const [name] of query)
      if (!parameters.some((p) => p.in === "query" && p.name === name)) this.unknown.add(`${exchange.method} ${found.path}: ${name}`);
    for (const parameter of parameters) {
      let text = exchange.request.headers[parameter.name.toLowerCase()];
      if (parameter.in === "query") text = query.get(parameter.name);
      if (parameter.in === "path") text = captured(found.pattern, target.segments, parameter.name);
      if (text === undefined) {
        if (parameter.required) faults.push(`taken without ${parameter.name}`);
        continue;
      }
      for (const fault of this.document.textFaults(parameter.where, text)) faults.push(`taken with ${parameter.name}=${text}: ${fault}`);
    }
    const security = found.item[method].security ?? [];
    if (!security.some((one) => Object.keys(one).length === 0) && security.length > 0 && !exchange.request.headers.authorization)
      faults.push("taken without a token");
    const body = this.document.requestBody(found.path, method);
    if (!body) return; // one that was sent is ignored
    if (exchange.request.body_bytes === 0) {
      if (body.value.required) faults.push("taken without a body");
      return;
    }
    const type = mediaType(exchange.request.headers["content-type"]);
    if (!body.value.content[type]) faults.push(`taken as ${type || "(no type)"}, which is not documented`);
    else if (isJson(type)) this.#checkJson(exchange.request, `${body.where}/content/${encodeURIComponent(type.replaceAll("/", "~1"))}/schema`, "taken though the body", faults);
  }
}
