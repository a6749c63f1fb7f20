// A config repository that names what is not its own: another team's deployer, another team's chart repository. And a
// publisher that names commits which the readers of a config repository may not see.

import { expect, test } from "@jest/globals";
import { startStandIn } from "../../../src/sandbox/chartmuseum/stand-in.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { closeAfterwards, live, newestRun, published, testBed, until } from "../../stories/setting.ts";

test("names another team's deployer: its config file is refused, and nobody is called", async () => {
  const hook = await startStandIn(() => ({ status: 202 }));
  closeAfterwards(hook.close);
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    deployers: [{ kind: "webhook", name: "hook", url: hook.url, secret: "s", repositories: ["other/*"] }],
  });
  await until(() => testBed.repository().issues().length > 0);
  const [issue] = testBed.repository().issues();
  expect(issue?.body).toMatch(/does not deploy acme\/config\\?#dev/);
  await published("1.0.1");
  expect(testBed.pulls()).toEqual([]);
  expect(hook.requests).toEqual([]);
});

test("uses another team's chart repository: its dependencies are nobody's, and no login is used for them", async () => {
  await live({
    chartRepository: {
      repositories: ["other/*"],
      credentials: { kind: "basic", username: "reader", password: "secret" },
    },
  });
  await published("1.0.1");
  expect(testBed.pulls()).toEqual([]);
  const requirements = `dependencies:\n  - name: xposer\n    version: 1.0.1\n    repository: ${MUSEUM_URL}\n`;
  testBed.alice.push(CONFIG_REPOSITORY, {
    branch: "by-hand",
    files: { "dev/requirements.yaml": requirements },
  });
  const number = testBed.alice.openPullRequest(CONFIG_REPOSITORY, {
    ...{ head: "by-hand", base: "main", title: "By hand" },
  });
  await testBed.waitUntilIdle();
  expect(newestRun(number)?.output.summary).toContain("is none of server.yaml's");
});

test("takes another name than the deployer was given for: nobody is called for what is merged then", async () => {
  const hook = await startStandIn(() => ({ status: 202 }));
  closeAfterwards(hook.close);
  const config = "environments:\n  dev:\n    path: dev\n    deploy: [hook]\n";
  await live({
    files: { ...configRepository(), ".github/chart-promoter.yml": config },
    deployers: [
      { kind: "webhook", name: "hook", url: hook.url, secret: "s", repositories: ["ACME/Config#dev"] },
    ],
  });
  await published("1.0.1");
  testBed.alice.merge(CONFIG_REPOSITORY, 1);
  await until(() => hook.requests.length > 0);
  const before = hook.requests.length;
  testBed.github.owner("acme").rename(CONFIG_REPOSITORY, "renamed");
  await testBed.waitUntilIdle();
  await published("1.0.2");
  const renamed = testBed.github.repository("acme/renamed");
  expect(renamed.issues().map(({ body }) => body)).toEqual([
    expect.stringMatching(/does not deploy acme\/renamed\\?#dev/),
  ]);
  for (const { number, state } of renamed.pulls())
    if (state === "open") testBed.alice.merge("acme/renamed", number);
  await testBed.waitUntilIdle();
  expect(hook.requests.length).toBe(before);
});
