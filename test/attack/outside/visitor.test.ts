// Who reaches a dashboard that is open to everybody: secrets, scripts in what others wrote, and more open pages than there may be.

import { expect, test } from "@jest/globals";
import { configRepository, startTestBed, type TestBed } from "../../../src/sandbox/test-bed.ts";
import { startHook } from "../../support/hook.ts";

const HOSTILE = `<img src=x onerror="alert(1)"> [x](https://evil.example)`;

async function openTestBed(url: string): Promise<TestBed> {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const config = `environments:
  dev:
    path: dev
    deploy: [hook]
    freeze: [{ from: 2026-01-01T00:00:00Z, to: ${until}, reason: ${JSON.stringify(HOSTILE)} }]
`;
  return startTestBed({
    dashboard: "public",
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    deployers: [
      {
        kind: "webhook",
        name: "hook",
        url: `${url}/d3pl0y`,
        secret: "deployer-secret",
        repositories: ["*/*"],
      },
    ],
    recipients: [{ name: "team", kind: "slack", url: `${url}/sl4ck`, events: ["proposed"] }],
  });
}

test("no page has a secret, or runs what others wrote", async () => {
  const hook = await startHook();
  const testBed = await openTestBed(hook.url);
  try {
    const { body } = await testBed.publish({
      version: "1.0.1",
      values: { password: "hunter2" },
      source: { repository: "acme/xposer", revision: HOSTILE, build: HOSTILE },
    });
    await testBed.waitUntilIdle();
    for (const path of [
      "/",
      "/queue",
      "/report",
      `/journeys/${body.id}`,
      "/repositories/acme/config/charts/xposer",
    ]) {
      const page = await (await fetch(`${testBed.url()}${path}`)).text();
      expect(page).not.toMatch(/hunter2|sl4ck|d3pl0y|deployer-secret|publisher-secret|webhook-secret/);
      expect(page).not.toMatch(/<img|onerror="|href="https:\/\/evil/);
    }
    expect(await (await fetch(testBed.url())).text()).toContain("&lt;img src=x");
  } finally {
    await testBed.stop();
    await hook.close();
  }
}, 60_000);
