// Sends random bodies to every HTTP endpoint of a running server, with and without credentials. An answer `internal` is
// a crash; a 500 of ChartMuseum is passed through.

import fc from "fast-check";
import { SYSTEMS } from "../../intake/notify.ts";
import { PIPELINE, PUBLISHER } from "../../sandbox/test-bed.ts";
import { documents, long, words } from "./bytes.ts";
import type { Target } from "./target.ts";

const PATHS = [
  "/publish",
  ...SYSTEMS.map(({ name }) => `/publish/${name}/${PIPELINE.name}`),
  "/museum/stakater/api/charts",
  "/museum/stakater/api/prov",
  "/deployments/1/status",
  "/api/github/webhooks",
];

export function doors(url: string): readonly Target[] {
  return PATHS.map((path) => ({
    name: `POST ${path}`,
    inputs: fc.tuple(fc.oneof(documents, words, long), fc.boolean()),
    read: async (input) => {
      const [body, isKnown] = Array.isArray(input) ? input : [];
      const authorization = isKnown === true ? { authorization: PUBLISHER } : {};
      const headers = { "content-type": "application/json", ...authorization };
      const answer = await fetch(url + path, { method: "POST", headers, body: String(body) });
      const text = await answer.text();
      if (answer.status >= 500 && text.includes('"internal"')) throw new Error(`${path} answered ${text}`);
    },
  }));
}
