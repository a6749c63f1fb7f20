// `/promote … to ENVIRONMENT` and `/reject everywhere`: one comment that reaches other environments of the repository.

import { describe, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed, until } from "../setting.ts";

const CONFIG = ".github/chart-promoter.yml";
const BOTH = "environments:\n  dev: { path: dev }\n  prod: { path: prod }\n";

function umbrella(folder: string, version = "1.0.0") {
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n  - name: xposer\n    version: ${version}\n    repository: ${MUSEUM_URL}\n`,
  };
}

async function environments(config = BOTH): Promise<void> {
  await live({ files: { ...configRepository(), ...umbrella("prod"), [CONFIG]: config } });
}

async function commented(body: string, { number = 1, login = "alice" } = {}) {
  const id = testBed.github.as(login).comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  const { reactions } = testBed.repository();
  return {
    reactions: [...reactions.values()].filter(({ subject }) => subject.key === id).map((one) => one.content),
    says: commentsOn().filter((body) => body.includes(`answer ${id} `)),
  };
}

function commentsOn(number?: number): readonly string[] {
  return [...testBed.repository().comments.values()]
    .filter((one) => number === undefined || one.number === number)
    .map(({ body }) => body);
}

describe("/reject everywhere", () => {
  test("says which one GitHub does not let it close, and closes the others", async () => {
    const three = `${BOTH}  qa: { path: qa }\n`;
    await live({ files: { ...configRepository(), ...umbrella("prod"), ...umbrella("qa"), [CONFIG]: three } });
    await published("1.0.1");
    const numbered = (environment: string) =>
      testBed
        .repository()
        .pulls()
        .find(({ title }) => title.endsWith(`in ${environment}`))?.number ?? 0;
    const [dev, prod, qa] = [numbered("dev"), numbered("prod"), numbered("qa")];
    testBed.github.fault(
      { match: ({ graphql }) => graphql?.rootFields.includes("closePullRequest") === true, nth: 2 },
      { kind: "field-refused", field: "closePullRequest", message: "Repository rule violations found" },
    );
    const { says } = await commented("/reject everywhere", { number: dev });
    const states = [dev, prod, qa].map((number) => testBed.repository().mustPull(number).state);
    expect(states.toSorted()).toEqual(["closed", "closed", "open"]);
    const [left, closed] =
      states[1] === "open" ? [`prod\` (#${prod})`, `qa\` (#${qa})`] : [`qa\` (#${qa})`, `prod\` (#${prod})`];
    expect(says).toEqual([
      expect.stringContaining(
        `Declined in \`${closed} as well. GitHub did not take all that closes it in \`${left}: see there, and close it by hand.`,
      ),
    ]);
  });

  test("closes what the other environments propose, too", async () => {
    await environments();
    await published("1.0.1");
    const { reactions, says } = await commented("/reject everywhere");
    expect(reactions).toEqual(["+1"]);
    expect(says).toEqual([expect.stringContaining("Declined in `prod` (#2) as well.")]);
    await testBed.restart();
    expect(testBed.pulls()).toEqual([
      "#1 closed Promote xposer to 1.0.1 in dev",
      "#2 closed Promote xposer to 1.0.1 in prod",
    ]);
  });

  test("is offered by a rollback, where other environments have the chart, and counts there", async () => {
    await environments();
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const { says } = await commented("/rollback");
    expect(says).toEqual([expect.stringContaining("/reject everywhere")]);
    expect((await commented("/reject everywhere")).reactions).toEqual(["+1"]);
    expect(testBed.pulls().slice(1)).toEqual([
      "#2 closed Promote xposer to 1.0.1 in prod",
      "#3 open Roll xposer back to 1.0.0 in dev",
    ]);
  });

  test("names where the version is merged, and leaves open what carries other charts", async () => {
    await environments();
    await published("1.0.1");
    testBed.alice.merge(CONFIG_REPOSITORY, 2);
    await testBed.waitUntilIdle();
    const { says } = await commented("/reject everywhere");
    expect(says).toEqual([expect.stringMatching(/Merged in `prod` \(#2\): `\/rollback` there/)]);
  });
});

describe("/promote … to ENVIRONMENT", () => {
  test("proposes in another environment, from any pull request of the App", async () => {
    await environments();
    await published("1.0.1");
    await testBed.museum.upload(packChart({ name: "xposer", version: "1.2.0" }));
    const { reactions, says } = await commented("/promote 1.2.0 to prod");
    expect(reactions).toEqual(["+1"]);
    expect(says).toEqual([expect.stringContaining("It is proposed in #2.")]);
    expect(testBed.pulls()).toEqual([
      "#1 open Promote xposer to 1.0.1 in dev",
      "#2 open Promote xposer to 1.2.0 in prod",
    ]);
    const nowhere = await commented("/promote 1.2.0 to nowhere");
    expect(nowhere.reactions).toEqual(["confused"]);
    expect(nowhere.says).toEqual([expect.stringContaining("The environments are: dev, prod.")]);
  });

  test("also under an issue of the App, for people with write access, and under nobody else's", async () => {
    await environments();
    testBed.alice.push(CONFIG_REPOSITORY, { branch: "main", files: { "dev/xposer.yaml": "xposer: {}\n" } });
    await until(() => testBed.repository().issues().length > 0);
    await testBed.museum.upload(packChart({ name: "xposer", version: "1.2.0" }));
    const [issue] = testBed.repository().issues();
    const number = issue?.number ?? 0;
    expect(await commented("/promote xposer 1.2.0 to prod", { number, login: "bob" })).toMatchObject({
      reactions: ["-1"],
    });
    expect((await commented("/hold", { number })).reactions).toEqual(["confused"]);
    const { reactions, says } = await commented("/promote xposer 1.2.0 to prod", { number });
    expect(reactions).toEqual(["+1"]);
    expect(says).toEqual([expect.stringMatching(/It is proposed in #\d+\./)]);
    expect(testBed.pulls()).toEqual([expect.stringContaining("open Promote xposer to 1.2.0 in prod")]);
    const theirs = testBed.alice.openIssue(CONFIG_REPOSITORY, { title: "Mine" });
    expect(await commented("/promote xposer 1.2.0 to dev", { number: theirs })).toEqual({
      reactions: [],
      says: [],
    });
  });
});
