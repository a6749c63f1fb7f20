// A merge whose webhook was lost is found on a later sweep, when what was merged after it has been deployed already.

import { beforeEach, expect, test } from "@jest/globals";
import { signingSecret } from "../../../../src/domain/model/secret/secret.ts";
import { type StandIn, startStandIn } from "../../../../src/sandbox/chartmuseum/stand-in.ts";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, pass, published, testBed, until } from "../../setting.ts";

const SECRET = "hook-secret";
const CONFIG = `environments:
  dev: { path: dev, deploy: [hook] }
  staging: { path: staging, after: dev }
`;

let hook: StandIn;

/** A deployer that succeeds at once, and a chart repository with two charts that both environments depend on. */
beforeEach(async () => {
  hook = await startStandIn(({ body }) => {
    const { DEPLOYMENT_ID }: { readonly DEPLOYMENT_ID: string } = JSON.parse(body.toString());
    void report(DEPLOYMENT_ID);
    return { status: 202 };
  });
  closeAfterwards(() => hook.close());
  await live({
    files: {
      ".github/chart-promoter.yml": CONFIG,
      ...Object.fromEntries(["dev", "staging"].flatMap(umbrella)),
    },
    charts: ["xposer", "xposer-web"].map((name) => ({ name, version: "1.0.0" })),
    deployers: [
      { kind: "webhook", name: "hook", url: `${hook.url}/hook`, secret: SECRET, repositories: ["*/*"] },
    ],
  });
});

function umbrella(folder: string): [string, string][] {
  const entry = (name: string) => `  - name: ${name}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`;
  return [
    [`${folder}/Chart.yaml`, "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n"],
    // Far enough apart to be merged by git.
    [
      `${folder}/requirements.yaml`,
      `dependencies:\n${entry("xposer")}${"  # …\n".repeat(9)}${entry("xposer-web")}`,
    ],
  ];
}

async function report(id: string): Promise<void> {
  await fetch(`${testBed.url()}/deployments/${id}/status`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from(`hook:${SECRET}`).toString("base64")}`,
    },
    body: JSON.stringify({ state: "success" }),
  });
}

async function inDev(id: string): Promise<string | undefined> {
  const { promotions } = await testBed.publishState(id);
  return promotions.find(({ environment }) => environment === "dev")?.state;
}

test("it is told as contained in what was deployed, and takes nothing back downstream", async () => {
  const [old, web] = [await published("1.0.1"), await published("1.0.1", {}, "xposer-web")];
  testBed.github.webhooks.sendTo(undefined);
  for (const number of [1, 2]) testBed.alice.merge(CONFIG_REPOSITORY, number);
  const fresh = await published("1.0.2");
  // GitHub's clock counts seconds.
  await pass(2_100);
  const secret = signingSecret(testBed.settings.webhookSecret);
  testBed.github.webhooks.sendTo({ url: `${testBed.url()}/api/github/webhooks`, secret });
  testBed.alice.merge(CONFIG_REPOSITORY, 3);
  await until(() => testBed.pulls().includes("#4 open Promote xposer to 1.0.2 in staging"));
  await testBed.restart();
  await until(async () => (await inDev(web)) === "deployed");
  expect([await inDev(old), await inDev(web), await inDev(fresh)]).toEqual([
    "superseded",
    "deployed",
    "deployed",
  ]);
  await until(() => testBed.pulls().length === 5);
  expect(testBed.pulls().slice(3)).toEqual([
    "#4 open Promote xposer to 1.0.2 in staging",
    "#5 open Promote xposer-web to 1.0.1 in staging",
  ]);
});
