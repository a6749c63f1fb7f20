// A publisher whose charts stand in the same config repository as another publisher's: whatever its charts hold, the other
// one's promotions come, and its own come with a text that says what could not be compared.

import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { ALICE, HOSTILE, HOSTILE_DEPENDENCIES, MALLORY, startTarget, type Target } from "../target.ts";

let target: Target;
const turns = new Map<string, number>();
beforeAll(async () => {
  target = await startTarget({ shared: HOSTILE_DEPENDENCIES, helm: true });
  for (const kind of HOSTILE) {
    const name = `mallory-${kind}`;
    target.hostile.serve({ name, version: "1.0.0", packed: packChart({ name, version: "1.0.0" }) });
  }
}, 180_000);
afterAll(() => target.stop());

type Kind = (typeof HOSTILE)[number];
interface Release {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly listed?: object;
}

const map = (body: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  x: ${body}\n`;
const bomb = Array.from(
  { length: 40 },
  (_, n) => `{{ define "x${n + 1}" }}{{ include "x${n}" . }}{{ include "x${n}" . }}{{ end }}`,
);
const ENDLESS: Release = {
  files: {
    "templates/_x.tpl": `{{ define "x0" }}x{{ end }}${bomb.join("")}`,
    "templates/x.yaml": '{{ include "x40" . }}',
  },
};
const LOGIN = "https://mallory:hunter2@charts.example.com/x.tgz";

const CHARTS: readonly (readonly [what: string, release: Release])[] = [
  ["one line of 2.3 MB", { files: { "templates/x.yaml": map('{{ repeat 2300000 "x" }}') } }],
  [
    "30 MiB",
    {
      files: {
        "templates/x.yaml": map(
          '|\n{{ range until 300000 }}{{ print "    " . (repeat 90 "y") "\\n" }}{{ end }}',
        ),
      },
    },
  ],
  ["templates that grow without end", ENDLESS],
  [
    "a template that calls itself",
    { files: { "templates/x.yaml": '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}' } },
  ],
  ["what is no YAML", { files: { "templates/x.yaml": "a: [b\n\u0000: }" } }],
  ["backticks in its changelog", { files: { "CHANGELOG.md": `# 1.0.1\n${"`".repeat(100_000)}` } }],
  ["headings in its changelog", { files: { "CHANGELOG.md": "# 1.0.1\n".repeat(100_000) } }],
  [
    "markdown without end in its annotations",
    { listed: { annotations: { "artifacthub.io/changes": "- [a](".repeat(50_000) } } },
  ],
  [
    "merges of a large map in its values",
    {
      files: {
        "values.yaml": `a: &a {${Array.from({ length: 3_000 }, (_, n) => `k${n}: 1`).join(", ")}}\nb:\n${"  - <<: *a\n".repeat(20_000)}`,
      },
    },
  ],
  [
    "a schema that never ends",
    {
      files: {
        "values.schema.json":
          '{"type":"object","patternProperties":{"^(a+)+$":{"type":"string"}},"$ref":"#"}',
      },
    },
  ],
  ["a login in the index's address", { listed: { urls: [LOGIN], sources: [LOGIN], home: LOGIN } }],
  [
    "addresses that are none",
    { listed: { urls: ["http://[", "::"], home: "javascript:alert(1)", sources: [7, {}] } },
  ],
  [
    "numbers where texts should be",
    { listed: { appVersion: 7, description: ["x"], created: {}, annotations: 5 } },
  ],
];

/** Releases it in each kind of chart repository that is mallory's, announces it, and answers what became of it. */
async function release(kind: Kind, { files, listed }: Release) {
  const chart = `mallory-${kind}`;
  const turn = (turns.get(kind) ?? 0) + 1;
  turns.set(kind, turn);
  const version = `1.0.${turn}`;
  const packed = packChart({ name: chart, version, ...(files && { files }) });
  target.hostile.serve({ name: chart, version, packed, ...(listed && { listed }) });
  const publisher = { ...MALLORY, publisher: chart };
  const { id } = await target.publish(publisher, { chart, version });
  return { chart, version, settled: () => target.settled(publisher, id) };
}

/** What stands in an archive is read alike wherever it came from; what a repository lists is read by its kind. */
const CASES = CHARTS.flatMap(([what, given], index) => {
  const kinds = given.listed ? HOSTILE : HOSTILE.slice(index % HOSTILE.length, (index % HOSTILE.length) + 1);
  return kinds.map((kind) => [what, kind, given] as const);
});

test.each(CASES)(
  "a chart with %s in a repository of kind %s stops no other promotion of the config repository",
  async (_what, kind, given) => {
    const { chart, version, settled } = await release(kind, given);
    await target.alicesTurn();
    expect(await settled()).toMatchObject({ state: "verified", promotions: [{ state: "proposed" }] });
    const open = target.pulls(ALICE).find(({ title }) => title === `Promote ${chart} to ${version} in dev`);
    expect(open?.body).toContain(version);
    expect(`${open?.title} ${open?.body} ${target.log().join("\n")}`).not.toContain("hunter2");
    expect(target.log().filter((line) => line.includes("a review failed"))).toEqual([]);
  },
  240_000,
);

test("a chart that takes too long to render is given up once for all who ask", async () => {
  const { chart, version, settled } = await release("index", ENDLESS);
  await settled();
  const open = () =>
    target.pulls(ALICE).find(({ title }) => title === `Promote ${chart} to ${version} in dev`);
  await until(() => open()?.body.includes("Not compared: helm template") === true);
  const runs = await target.helmRuns();
  const { reactions } = target.github.repository(ALICE.repository);
  const comment = target.github.as("alice").comment(ALICE.repository, open()?.number ?? 0, "/rebase");
  await until(() => [...reactions.values()].some(({ subject }) => subject.key === comment));
  expect(open()?.body).toContain("Not compared: helm template");
  expect(await target.helmRuns()).toBe(runs);
}, 180_000);

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 120_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("waited in vain");
    await sleep(200);
  }
}
