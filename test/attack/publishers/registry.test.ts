// A registry, or whoever has the secret that it sends: what it says over and over, of other people's charts, with a wrong type in any
// field, or with more in it than anybody needs.

import { createHmac } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SYSTEMS } from "../../../src/intake/notify.ts";
import { packChart } from "../../../src/sandbox/chartmuseum/pack-chart.ts";
import { ALICE, basic, MALLORY, startTarget, type Target } from "../target.ts";

/** What stands where something else is expected. */
const WRONG: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, "", "/", ":", "constructor", "../../etc", "%E0%A4%A", "http://[", "\u2028"],
  ...[{}, [], [[]], [null], { length: 1e9 }, { toString: 1 }, JSON.parse('{"__proto__":{"tag":"1.0.0"}}')],
  ...[
    "a".repeat(100_000),
    "a/".repeat(50_000),
    ":".repeat(100_000),
    Array(1_000).fill({}),
    Array(1_001).fill("1.0.0"),
  ],
];

/** The document once for each place in it, with that in its place. */
function* replaced(document: unknown, wrong: unknown): Generator<unknown> {
  yield wrong;
  if (typeof document !== "object" || document === null) return;
  for (const [key, value] of Object.entries(document))
    for (const inner of replaced(value, wrong))
      yield Array.isArray(document) ? document.with(Number(key), inner) : { ...document, [key]: inner };
}

/** Milliseconds of processor time. */
function spentOn(work: () => unknown): number {
  const begun = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1000;
}

function expectRead(notice: ReturnType<(typeof SYSTEMS)[number]["read"]>): void {
  if (!notice.ok) expect(notice.problems.map(({ code }) => code)).toContain("malformed");
  else if (notice.value.kind === "ignored") expect(notice.value.because.length).toBeLessThan(200_000);
  else
    for (const { body: text } of notice.value.charts)
      expect([typeof text.chart, typeof text.version]).toEqual(["string", "string"]);
}

describe.each(SYSTEMS.map((system) => [system.name, system] as const))("%s", (name, system) => {
  const samples = readdirSync(`fixtures/intake/${name}`).map((file): unknown =>
    JSON.parse(readFileSync(`fixtures/intake/${name}/${file}`, "utf8")),
  );

  test.each(WRONG.map((wrong) => [JSON.stringify(wrong).slice(0, 40), wrong]))(
    "says %s in the place of anything: it is malformed, ignored or a chart, at once",
    (_what, wrong) => {
      const slow: number[] = [];
      for (const document of samples.flatMap((sample) => [...replaced(sample, wrong)])) {
        const first = spentOn(() => expectRead(system.read(document)));
        // Once it may be the compiler or the garbage collector.
        const second = first > 50 ? spentOn(() => system.read(document)) : 0;
        if (second > 50) slow.push(second);
      }
      expect(slow).toEqual([]);
    },
  );
});

describe("with a publisher's secret", () => {
  let target: Target;
  beforeAll(async () => {
    target = await startTarget();
  }, 180_000);
  afterAll(() => target.stop(), 60_000);

  function tell(path: string, event: object): Promise<Response> {
    return fetch(`${target.url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...basic(MALLORY),
        "x-jfrog-event-auth": MALLORY.secret,
        "x-nexus-webhook-signature": createHmac("sha1", MALLORY.secret)
          .update(JSON.stringify(event))
          .digest("hex"),
      },
      body: JSON.stringify(event),
    });
  }

  function pushed(project: string, chart: string, tag: string): object {
    const repository = { repo_full_name: `${project}/${chart}`, name: chart, namespace: project };
    return { type: "PUSH_ARTIFACT", event_data: { resources: [{ tag }], repository } };
  }

  test("an event that is sent a hundred times is one publish", async () => {
    await target.museum.upload(packChart({ name: "mallory", version: "1.0.1" }));
    const ids = new Set<unknown>();
    for (let n = 0; n < 100; n += 1) {
      const answer = await tell("/publish/harbor/mallory", pushed("mallory", "mallory", "1.0.1"));
      expect([200, 202]).toContain(answer.status);
      ids.add(/"id":"([^"]+)"/.exec(await answer.text())?.[1]);
    }
    expect(target.pulls(MALLORY).length).toBeLessThan(2);
    expect([...ids]).toEqual([expect.any(String)]);
    await target.alicesTurn();
  }, 120_000);

  test.each([
    ["harbor", pushed("alice", "alice", "1.0.1")],
    [
      "distribution",
      {
        events: [
          {
            action: "push",
            target: {
              repository: "alice/alice",
              tag: "1.0.1",
              mediaType: "application/vnd.oci.image.manifest.v1+json",
            },
          },
        ],
      },
    ],
    ["nexus", { action: "CREATED", component: { format: "helm", name: "alice", version: "1.0.1" } }],
    [
      "jfrog",
      { domain: "artifact", event_type: "deployed", data: { repo_key: "alice", path: "alice-1.0.1.tgz" } },
    ],
  ])("an event of %s about alice's chart is nobody's publish", async (system, event) => {
    await target.museum.upload(packChart({ name: "alice", version: "1.0.1" })).catch(() => undefined);
    const answer = await tell(`/publish/${system}/mallory`, event);
    const reply = await answer.text();
    expect(answer.status).not.toBe(401);
    expect(reply).not.toContain('"id"');
    expect(target.pulls(ALICE).map(({ title }) => title)).not.toContain("Promote alice to 1.0.1 in dev");
  });

  test("nor does alice's door take mallory's secret", async () => {
    const answer = await tell("/publish/harbor/alice", pushed("alice", "alice", "1.0.1"));
    expect(answer.status).toBe(401);
  });
});
