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
  "/deployments/1/drift",
  "/api/github/webhooks",
];

/** What follows is made up, as is each query. */
const PAGES = [
  ...["/publishes/", "/museum/stakater/api/charts/", "/deployers/", "/schema/", "/assets/"],
  ...["/journeys/", "/repositories/acme/config/charts/", "/pulls/", "/?page=", "/queue?asked="],
  ...["/dashboard/sign-in?to=", "/dashboard/callback?state="],
];

export function doors(url: string): readonly Target[] {
  const posts = PATHS.map((path) => ({
    name: `POST ${path}`,
    inputs: fc.tuple(fc.oneof(documents, words, long), fc.boolean()),
    read: async (input: unknown) => {
      const [body, isKnown] = Array.isArray(input) ? input : [];
      const authorization = isKnown === true ? { authorization: PUBLISHER } : {};
      const headers = { "content-type": "application/json", ...authorization };
      await knock(url + path, { method: "POST", headers, body: String(body) });
    },
  }));
  const pages = PAGES.map((path) => ({
    name: `GET ${path}`,
    inputs: words,
    read: (input: unknown) =>
      knock(`${url}${path}${encodeURIComponent(String(input).toWellFormed())}`, {
        headers: { authorization: PUBLISHER },
        redirect: "manual",
      }),
  }));
  return [...posts, ...pages];
}

async function knock(url: string, request: RequestInit): Promise<void> {
  const answer = await fetch(url, request);
  const text = await answer.text();
  if (answer.status >= 500 && text.includes('"internal"')) throw new Error(`${url} answered ${text}`);
}
