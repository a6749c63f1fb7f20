// Somebody who can read a config repository: what they see of a deployer is its name, and no address that is as good as a
// password.

import { expect, test } from "@jest/globals";
import { startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { CONFIG_REPOSITORY, configRepository } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, published, testBed, until } from "../../stories/setting.ts";

test("a webhook deployer's path never shows on GitHub, nor in a log or an answer", async () => {
  const hook = await startStandIn(() => ({ status: 500, body: "no" }));
  closeAfterwards(hook.close);
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    deployers: [
      {
        kind: "webhook",
        name: "hook",
        url: `${hook.url}/services/T0/SECRET`,
        secret: "s",
        repositories: ["acme/*"],
      },
    ],
  });
  const id = await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.requests.length > 1);
  hook.faults.add({ kind: "status", status: 202 });
  await until(() => statuses().length > 0);
  const repository = testBed.repository();
  const { comments, checkRuns } = repository;
  const texts = [repository.issues(), [...comments.values()], [...checkRuns.values()], statuses()];
  const shown = JSON.stringify([texts, await testBed.publishState(id)]);
  expect(shown).toContain("hook");
  expect(shown).not.toContain("SECRET");
  expect(shown).not.toContain("services/T0");
}, 60_000);

function statuses(): readonly unknown[] {
  return [...testBed.repository().deployments.values()];
}
