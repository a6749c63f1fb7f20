// What stands behind a command counts, or is answered: nothing else is done in its place, and no word is dropped.

import { beforeEach, describe, expect, test } from "@jest/globals";
import { CONFIG_REPOSITORY, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import { live, published, testBed } from "../setting.ts";

const REQUIREMENTS = ["xposer", "xposer-agent"]
  .map((name) => `  - name: ${name}\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`)
  .join("");

const CHARTS = ["xposer", "xposer-agent"].map((name) => ({ name, version: "1.0.0" }));

function umbrella(folder: string) {
  return {
    [`${folder}/Chart.yaml`]: "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
    [`${folder}/requirements.yaml`]: `dependencies:\n${REQUIREMENTS}`,
  };
}

/** Comments as alice; answers the App's reactions to it and what it said. */
async function commented(body: string, number = 1) {
  const id = testBed.alice.comment(CONFIG_REPOSITORY, number, body);
  await testBed.waitUntilIdle();
  const { reactions, comments } = testBed.repository();
  return {
    reactions: [...reactions.values()].filter(({ subject }) => subject.key === id).map((one) => one.content),
    says: [...comments.values()]
      .map((one) => one.body)
      .filter((comment) => comment.includes(`answer ${id} `)),
  };
}

const refused = (says: RegExp) => ({ reactions: ["confused"], says: [expect.stringMatching(says)] });

describe("in a pull request for several charts", () => {
  const config = "environments:\n  dev:\n    path: dev\n    pullRequests: environment\n";
  const title = "#1 open Promote 2 charts in dev";

  beforeEach(async () => {
    await live({ charts: CHARTS, files: { ".github/chart-promoter.yml": config, ...umbrella("dev") } });
    await published("1.0.1");
    await published("1.0.1", {}, "xposer-agent");
    expect(testBed.pulls()).toEqual([title]);
  });

  test("/reject with one of its charts is refused: closing it would decline them all", async () => {
    expect(await commented("/reject xposer")).toEqual(
      refused(/`\/reject xposer` was not done: .*declines xposer and xposer-agent.*Comment \/reject/),
    );
    expect(testBed.pulls()).toEqual([title]);
  });

  test("/reject with all of its charts declines them", async () => {
    expect(await commented("/reject xposer-agent xposer")).toMatchObject({ reactions: ["+1"] });
    expect(testBed.pulls()).toEqual(["#1 closed Promote 2 charts in dev"]);
  });

  test("/promote without a chart, and with one that is none of its charts", async () => {
    expect(await commented("/promote 1.0.2")).toEqual(
      refused(/names none of the charts.*xposer, xposer-agent/),
    );
    expect(await commented("/promote other 1.0.2")).toEqual(refused(/other is none of .* charts/));
  });
});

describe("in a pull request for one chart", () => {
  beforeEach(async () => {
    await live();
    await published("1.0.1");
  });

  test("/reject with its chart declines it, with another word it is refused", async () => {
    expect(await commented("/reject because it is broken")).toEqual(refused(/because is none of .* charts/));
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
    expect(await commented("/reject xposer")).toMatchObject({ reactions: ["+1"] });
    expect(testBed.pulls()).toEqual(["#1 closed Promote xposer to 1.0.1 in dev"]);
  });

  test.each(["/unhold xposer", "/rebase xposer", "/rollback 1.0.0"])("%s is answered", async (body) => {
    expect(await commented(body)).toEqual(
      refused(/ takes no arguments, and these are some: [^ ]+\. Write \//),
    );
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  });

  test("/reject with its chart in capitals, or with a flag, is refused", async () => {
    expect(await commented("/reject XPOSER")).toEqual(
      refused(/`\/reject XPOSER` was not done: XPOSER is none of .* charts/),
    );
    expect(await commented("/reject --force")).toEqual(refused(/--force is none of .* charts/));
    expect(testBed.pulls()).toEqual(["#1 open Promote xposer to 1.0.1 in dev"]);
  });

  test("/hold holds, and says that the words behind it change nothing", async () => {
    const { reactions, says } = await commented("/hold until noon");
    expect(reactions).toEqual(["+1"]);
    expect(says).toEqual([expect.stringContaining("Held until somebody comments `/unhold`")]);
  });

  test("no answer shows empty quotation marks", async () => {
    testBed.alice.close(CONFIG_REPOSITORY, 1);
    await testBed.waitUntilIdle();
    const { reactions, says } = await commented("/promote 1.0.0");
    expect(reactions).toEqual(["confused"]);
    expect(says.join()).toContain("already has");
    expect(says.join()).not.toContain('""');
  });
});
