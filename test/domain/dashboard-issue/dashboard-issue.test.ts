// The text of a dashboard issue, and what is read in it.

import { expect, test } from "@jest/globals";
import type { BoardEnvironment } from "../../../src/domain/board/board.ts";
import {
  type DashboardFacts,
  describeDashboard,
  type UnproposedVersion,
} from "../../../src/domain/dashboard-issue/dashboard-issue.ts";
import { boxKey, boxLine, tickedBoxes } from "../../../src/domain/model/github/tick-box.ts";

function environment(name: string, charts: readonly string[]): BoardEnvironment {
  const cells = charts.map((chart) => [chart, { present: "1.0.0", isBehind: true }] as const);
  return { name, cells: new Map(cells) };
}

function facts(
  environments: readonly BoardEnvironment[],
  unproposed: readonly UnproposedVersion[] = [],
): DashboardFacts {
  const charts = [...(environments[0]?.cells.keys() ?? [])].map((name) => ({ name, newest: "2.0.0" }));
  return {
    repository: { id: 1, name: "acme/config", charts, environments },
    ...{ unproposed, outcomes: [], round: 3 },
  };
}

const names = (prefix: string, many: number) => Array.from({ length: many }, (_, n) => `${prefix}-${n}`);

test.each([
  [200, 20],
  [3, 2_000],
  [500, 200],
])("%i environments of %i charts fit, and what is left out is counted", (many, charts) => {
  const all = names("environment", many).map((name) => environment(name, names("chart", charts)));
  const unproposed = all.flatMap(({ name, cells }) =>
    [...cells.keys()].slice(0, 5).map(
      (chart): UnproposedVersion => ({
        ...{ environment: name, chart, version: "2.0.0", state: "waiting" },
        because: "waits ".repeat(200),
      }),
    ),
  );
  const about = facts(all, unproposed);
  const begun = performance.now();
  const text = describeDashboard(about);
  // A busy machine takes several times what an idle one does.
  expect(performance.now() - begun).toBeLessThan(2_000);
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/and \d+ more \||\d+ more environments are not shown/);
  expect(text).toContain("## `environment-0`");
});

test("words of others show and do nothing, and make no box", () => {
  const because = `x\n- [x] ${boxLine({ round: 3, action: { kind: "redeploy", environment: "dev" } }, "y").slice(6)} @alice`;
  const unproposed = [
    { environment: "dev", chart: "web", version: "2.0.0", state: "waiting", because },
  ] as const;
  const text = describeDashboard(facts([environment("dev", ["web"])], unproposed));
  expect(tickedBoxes(text)).toEqual([]);
  expect(tickedBoxes(text.replaceAll("- [ ]", "- [X]"))).toEqual([
    { round: 3, action: { kind: "promote", environment: "dev", chart: "web", version: "2.0.0" } },
  ]);
  expect(text).not.toMatch(/[^`]@alice/);
});

test("only what is above the branch and what is open is offered, and what is refused is not", () => {
  const one = { environment: "dev", chart: "web", because: "so it is" } as const;
  const text = describeDashboard(
    facts(
      [environment("dev", ["web"])],
      [
        { ...one, version: "0.9.0", state: "declined" },
        { ...one, version: "3.0.0", state: "refused" },
        { ...one, version: "2.0.0", state: "waiting" },
        { ...one, version: "1.5.0", state: "waiting" },
      ],
    ),
  );
  expect(text).toContain("`3.0.0` is **refused**: so it is<br>`2.0.0` waits: so it is");
  expect(text).not.toContain("0.9.0");
  expect(text).not.toContain("1.5.0");
  expect(text.match(/^- \[ \]/gm)).toHaveLength(1);
});

test("a box that people rewrote is none, and one that was dealt with before is another", () => {
  const box = { round: 1, action: { kind: "redeploy", environment: "a -->b" } } as const;
  const ticked = boxLine(box, "go").replace("[ ]", "[x]");
  expect(tickedBoxes(`hello\r\n${ticked}\r\n${ticked.replace("redeploy", "delete")}\n> ${ticked}`)).toEqual([
    box,
  ]);
  expect(boxKey(box)).not.toBe(boxKey({ ...box, round: 2 }));
});

test("an issue's text full of lines that are no boxes is read in some milliseconds", () => {
  const begun = process.threadCpuUsage();
  expect(tickedBoxes("  \n".repeat(65_536 / 3))).toEqual([]);
  const { user, system } = process.threadCpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(60);
});
