// Which settings hold from the start on, and which as server.yaml says them now.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import type { Settings } from "../../src/domain/model/config/settings.ts";
import { LiveSettings } from "../../src/settings/live-settings.ts";
import { readSettings } from "../../src/settings/read-settings.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ENV = {
  APP_ID: "7",
  PRIVATE_KEY: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  ...{ WEBHOOK_SECRET: "hush", CLIENT_ID: "id", CLIENT_SECRET: "secret" },
};

async function read(file: string): Promise<Settings> {
  const settings = await readSettings(ENV, async () => new TextEncoder().encode(file));
  if (!settings.ok) throw new Error(JSON.stringify(settings.problems));
  return settings.value;
}

const FIRST = "chartRepositories: { stakater: { url: https://charts.example.com } }\n";
const NEXT = `chartRepositories: { other: { url: https://other.example.com } }
imageRegistries: { nexus.example.com: {} }
publishers: { ci: { secret: one, repository: other, charts: [web] } }
deployers: { hook: { webhook: https://deploy.example.com, secret: two, repositories: ["acme/*"] } }
pause: [{ repositories: ["acme/*"], reason: the cluster moves }]
onboarding: on
dashboard: { access: github }
notifications: [{ name: team, slack: https://slack.example.com }]
history: { keep: 365d }
concurrency: 3
proxies: [10.0.0.0/8]
metrics: public
`;
/** As docs/operations.md says ("Changing server.yaml and secrets"). */
const FROM_THE_START = ["dashboard", "oauth", "concurrency"];

test("all of server.yaml but the dashboard and the concurrency holds as it is now", async () => {
  const [first, next] = [await read(FIRST), await read(NEXT)];
  const live = new LiveSettings(first);
  live.replace(next);
  const now = new Map(Object.entries(live.settings));
  const [before, after] = [new Map(Object.entries(first)), new Map(Object.entries(next))];
  for (const [key, value] of after)
    expect([key, now.get(key)]).toEqual([key, FROM_THE_START.includes(key) ? before.get(key) : value]);
});
