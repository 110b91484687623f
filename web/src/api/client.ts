// SPDX-License-Identifier: Apache-2.0
// The API as typed calls. schema.d.ts is generated from the OpenAPI document: npm run api-types.
import createClient, { type Client, type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

export type Problem = components["schemas"]["Problem"];
export type Api = Client<paths>;

// `baseUrl` is where the server is, "" for the one that a page comes from. `token` is asked before each call.
export function createApi(baseUrl: string, token: () => string | undefined = () => undefined): Api {
  const api = createClient<paths>({
    baseUrl,
    // bbox=w,s,e,n, as the document has it
    querySerializer: { array: { style: "form", explode: false } },
  });
  const authenticate: Middleware = {
    onRequest({ request }) {
      const bearer = token();
      if (bearer) request.headers.set("Authorization", `Bearer ${bearer}`);
      return request;
    },
  };
  api.use(authenticate);
  return api;
}
