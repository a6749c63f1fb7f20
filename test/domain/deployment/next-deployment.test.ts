import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type Containment,
  type DeploymentCandidate,
  type DeploymentDecision,
  decideNextDeployment,
  relevant,
} from "../../../src/domain/deployment/next-deployment.ts";
import type { DeployerCall, Deployment } from "../../../src/domain/model/deployment.ts";
import { key, linear, positionOf, shaAt, start } from "../../reconcile/deployment/desk.ts";

type CallState = DeployerCall["state"];

interface Given {
  readonly id: number;
  /** Place on the branch; the order of arrival is that of the ids. */
  readonly at: number;
  readonly state?: Deployment["state"];
  readonly calls?: readonly CallState[];
  readonly heldMinutes?: number;
}

const minute = 60_000;

function candidate({
  id,
  at,
  state = "queued",
  calls = ["waiting"],
  heldMinutes,
}: Given): DeploymentCandidate {
  const createdAt = new Date(start.getTime() + id * 1000);
  return {
    deployment: {
      ...key,
      githubId: id,
      sha: shaAt(at),
      pullRequest: id,
      promotions: [],
      deployers: calls.map((_, index) => `d${index}`),
      state,
      createdAt,
      changedAt: createdAt,
      ...(heldMinutes === undefined ? {} : { heldUntil: new Date(start.getTime() + heldMinutes * minute) }),
    },
    calls: calls.map((call, index) => ({
      deploymentId: id,
      deployer: `d${index}`,
      state: call,
      ...(call === "waiting" ? {} : { calledAt: createdAt }),
    })),
  };
}

function decisions(given: readonly Given[], contains?: Containment, now = start): readonly string[] {
  const candidates = given.map(candidate);
  const order = contains ?? linear(candidates.map(({ deployment }) => deployment.sha));
  return sentences(decideNextDeployment(candidates, order, now));
}

function sentences({
  call,
  superseded: overtaken,
  partlySuperseded: curtailed,
  queuedBehind,
  held,
}: DeploymentDecision): readonly string[] {
  return [
    ...(call === undefined ? [] : [`call ${call.githubId}`]),
    ...overtaken.map(
      ({ deployment, by, how }) =>
        `${deployment.githubId} is ${how === "contained" ? "contained in" : "replaced by"} ${by.githubId}`,
    ),
    ...curtailed.map(({ deployment, by }) => `${deployment.githubId} gives way to ${by.githubId}`),
    ...queuedBehind.map(({ deployment, by }) => `${deployment.githubId} waits for ${by.githubId}`),
    ...held.map(({ githubId }) => `${githubId} is held`),
  ];
}

const cases: readonly (readonly [string, readonly Given[], readonly string[]])[] = [
  ["nothing at all", [], []],
  ["one merge", [{ id: 1, at: 1 }], ["call 1"]],
  [
    "three merges in quick succession: the newest goes, the others go out with it",
    [
      { id: 3, at: 3 },
      { id: 2, at: 2 },
      { id: 1, at: 1 },
    ],
    ["call 3", "2 is contained in 3", "1 is contained in 3"],
  ],
  [
    "one running: the newest waits, what it contains does not",
    [
      { id: 3, at: 3 },
      { id: 2, at: 2 },
      { id: 1, at: 1, state: "in_progress", calls: ["running"] },
    ],
    ["2 is contained in 3", "3 waits for 1"],
  ],
  [
    "perhaps told counts as told",
    [
      { id: 2, at: 2 },
      { id: 1, at: 1, calls: ["called"] },
    ],
    ["2 waits for 1"],
  ],
  [
    "one whose calls have all ended, although that is not recorded yet",
    [
      { id: 2, at: 2 },
      { id: 1, at: 1, state: "in_progress", calls: ["done"] },
    ],
    ["call 2"],
  ],
  [
    "an older commit that arrives while a newer one runs",
    [
      { id: 2, at: 1 },
      { id: 1, at: 2, state: "in_progress", calls: ["running"] },
    ],
    ["2 is contained in 1"],
  ],
  [
    "an older commit that arrives after a newer one failed",
    [
      { id: 2, at: 1 },
      { id: 1, at: 2, state: "failure", calls: ["failed"] },
    ],
    ["2 is contained in 1"],
  ],
  [
    "one deployer of the running one was never reached, and a newer one is there",
    [
      { id: 2, at: 2 },
      { id: 1, at: 1, state: "in_progress", calls: ["running", "waiting"] },
    ],
    ["1 gives way to 2", "2 waits for 1"],
  ],
  [
    "one deployer was never reached, the others have ended, and a newer one is there",
    [
      { id: 2, at: 2 },
      { id: 1, at: 1, state: "in_progress", calls: ["done", "waiting"] },
    ],
    ["call 2", "1 gives way to 2"],
  ],
  [
    "one deployer was never reached and nothing newer is there",
    [{ id: 1, at: 1, state: "in_progress", calls: ["done", "waiting"] }],
    ["call 1"],
  ],
  ["a freeze", [{ id: 1, at: 1, state: "held", heldMinutes: 5 }], ["1 is held"]],
  ["a freeze that is over", [{ id: 1, at: 1, state: "held", heldMinutes: -5 }], ["call 1"]],
  [
    "an emergency during a freeze takes along what it contains",
    [
      { id: 2, at: 2 },
      { id: 1, at: 1, state: "held", heldMinutes: 5 },
    ],
    ["call 2", "1 is contained in 2"],
  ],
  [
    "an earlier merge does not wait for a later one that is held",
    [
      { id: 2, at: 2, state: "held", heldMinutes: 5 },
      { id: 1, at: 1 },
    ],
    ["call 1", "2 is held"],
  ],
  [
    "what has ended is left alone",
    [
      { id: 2, at: 2, state: "success", calls: ["done"] },
      { id: 1, at: 1, state: "inactive", calls: ["skipped"] },
    ],
    [],
  ],
];

describe("decide", () => {
  it.each(cases)("%s", (_name, given, expected) => {
    expect(decisions(given)).toEqual(expected);
    expect([...decisions(given.toReversed())].sort()).toEqual([...expected].sort());
  });

  it("goes by the time of the merge where history was rewritten and neither commit contains the other", () => {
    const given = [
      { id: 2, at: 2 },
      { id: 1, at: 1 },
    ];
    expect(decisions(given, new Map())).toEqual(["call 2", "1 is replaced by 2"]);
  });

  it("asks for the order of what waits and of the one begun last only", () => {
    const candidates = [
      candidate({ id: 4, at: 4 }),
      candidate({ id: 3, at: 3, state: "success", calls: ["done"] }),
      candidate({ id: 2, at: 2, state: "success", calls: ["done"] }),
      candidate({ id: 1, at: 1, state: "inactive", calls: ["skipped"] }),
    ];
    expect(relevant(candidates)).toEqual([shaAt(4), shaAt(3)]);
    expect(relevant(candidates.slice(1))).toEqual([]);
  });
});

/** A world in which merges arrive in any order, freezes come and go, and deployers end or fail. */
interface World {
  readonly candidates: Map<number, DeploymentCandidate>;
  readonly begun: number[];
  minute: number;
}

const happening = fc.oneof(
  fc.record({ kind: fc.constant("merge" as const), at: fc.integer({ min: 1, max: 40 }), held: fc.nat(6) }),
  fc.record({ kind: fc.constant("end" as const), well: fc.boolean() }),
  fc.record({ kind: fc.constant("lost" as const) }),
  fc.record({ kind: fc.constant("time" as const), minutes: fc.integer({ min: 1, max: 4 }) }),
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

function happen(world: World, event: Happening): void {
  const running = [...world.candidates.values()].find((one) => one.calls[0]?.state === "called");
  switch (event.kind) {
    case "merge": {
      const known = [...world.candidates.values()].some((one) => one.deployment.sha === shaAt(event.at));
      const id = world.candidates.size + 1;
      const hold = event.held > 3 ? { state: "held" as const, heldMinutes: world.minute + event.held } : {};
      if (!known) world.candidates.set(id, candidate({ id, at: event.at, ...hold }));
      return;
    }
    case "end":
      if (running) put(world, running, event.well ? ["success", "done"] : ["failure", "failed"]);
      return;
    case "lost":
      if (running) {
        put(world, running, ["queued", "waiting"]);
        world.begun.pop();
      }
      return;
    case "time":
      world.minute += event.minutes;
  }
}

function put(
  world: World,
  { deployment, calls }: DeploymentCandidate,
  [state, call]: [Deployment["state"], CallState],
) {
  const calledAt = new Date(start.getTime() + world.minute * minute);
  world.candidates.set(deployment.githubId, {
    deployment: { ...deployment, state },
    calls: calls.map((one) => ({ ...one, state: call, calledAt })),
  });
}

function obey(world: World): void {
  const candidates = [...world.candidates.values()];
  const contains = linear(relevant(candidates));
  const decision = decideNextDeployment(
    candidates,
    contains,
    new Date(start.getTime() + world.minute * minute),
  );
  for (const { deployment } of decision.superseded) {
    const found = world.candidates.get(deployment.githubId);
    if (found) put(world, found, ["inactive", "skipped"]);
  }
  const called = decision.call && world.candidates.get(decision.call.githubId);
  if (!called) return;
  expect(candidates.filter((one) => one.calls.some(({ state }) => state === "called"))).toEqual([]);
  put(world, called, ["in_progress", "called"]);
  world.begun.push(positionOf(called.deployment.sha));
  world.minute += 1;
}

describe("whatever happens", () => {
  it("no older commit is begun after a newer one, and everything comes to an end", () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (events) => {
        const world: World = { candidates: new Map(), begun: [], minute: 0 };
        for (const event of events) {
          happen(world, event);
          obey(world);
          expect(world.begun).toEqual([...new Set(world.begun)].sort((one, other) => one - other));
        }
        for (let left = 0; left < 100; left += 1) {
          happen(world, { kind: "time", minutes: 10 });
          obey(world);
          happen(world, { kind: "end", well: true });
        }
        const states = [...world.candidates.values()].map(({ deployment }) => deployment.state);
        expect(states.filter((state) => !["success", "failure", "inactive"].includes(state))).toEqual([]);
        const newest = Math.max(
          0,
          ...[...world.candidates.values()].map(({ deployment }) => positionOf(deployment.sha)),
        );
        expect(world.begun.at(-1) ?? 0).toBe(newest);
      }),
      { numRuns: 500 },
    );
  });
});
