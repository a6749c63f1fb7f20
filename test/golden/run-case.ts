// One golden case, stage by stage: config, snapshot, plan, pull request text, the tree after, and what its merge deploys.

import { parseConfig } from "../../src/domain/config/parse.ts";
import { movedBetween } from "../../src/domain/merge/moved-versions.ts";
import { repositoryUrls } from "../../src/domain/model/chart/repository-urls.ts";
import type { Environment } from "../../src/domain/model/config/config.ts";
import type { ChartRepository } from "../../src/domain/model/config/settings.ts";
import type { ObservedPullRequest, Snapshot } from "../../src/domain/model/github/snapshot.ts";
import type { Change } from "../../src/domain/model/promotion.ts";
import type { Publish } from "../../src/domain/model/publish.ts";
import type { Files } from "../../src/domain/model/umbrella.ts";
import { commitMessage, promotionTitle } from "../../src/domain/plan/commit-message.ts";
import { type EnvironmentPlan, planEnvironment } from "../../src/domain/plan/plan-environment.ts";
import { branchOf } from "../../src/domain/plan/promotion-branch.ts";
import { readUmbrella } from "../../src/domain/umbrella/read-umbrella.ts";
import { describe } from "../../src/reconcile/promotion/text/describe.ts";
import { settlingFor } from "./settling.ts";

interface Event {
  readonly publishes: readonly Partial<Publish>[];
  /** Promotions that stand or stood: what their newest commit carries. */
  readonly pullRequests?: readonly {
    readonly chart: string;
    readonly version: string;
    readonly state: ObservedPullRequest["state"];
    readonly rolledBackFrom?: string;
  }[];
}

const REPOSITORIES: readonly ChartRepository[] = [
  {
    name: "stakater",
    url: "https://chartmuseum.example.com",
    also: ["http://chartmuseum.cd.svc:8080"],
    kind: "chartmuseum",
    fetchFrom: "http://127.0.0.1:9",
    credentials: { kind: "none" },
  },
];

export async function runCase(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const config = parseConfig(files.get("config.yml") ?? "", {
    defaultBranch: "main",
    deployers: [],
    repository: "acme/config",
    file: "config.yml",
  });
  if (!config.ok) throw new Error(JSON.stringify(config.problems, null, 2));
  const [environment] = config.value.environments;
  if (!environment) throw new Error("the case has no environment");
  const event: Event = JSON.parse(files.get("event.json") ?? "");
  const before = below(files, "before/");
  const publishes = event.publishes.map(publishOf);
  const snapshot = snapshotOf(environment, before, event);
  const charts = new Set(publishes.map(({ chart }) => chart));
  const planned = planEnvironment({
    environment,
    snapshot,
    publishes,
    charts,
    chartRepositories: REPOSITORIES,
    upstream: { kind: "none" },
    now: new Date(0),
  });
  const after = applied(before, planned);
  return new Map([
    ["plan.json", `${JSON.stringify(shown(planned), null, 2)}\n`],
    ...(await pullRequests(planned, { environment, snapshot })),
    ...[...after].map(([path, text]) => [`after/${path}`, text] as const),
    ["deployments.json", `${JSON.stringify(moved(before, after), null, 2)}\n`],
  ]);
}

function publishOf(given: Partial<Publish>, index: number): Publish {
  return {
    id: `publish-${index + 1}`,
    chart: "xposer",
    version: "1.0.1",
    repository: "stakater",
    digest: `sha256:${"d".repeat(64)}`,
    values: {},
    source: {},
    publisher: "xposer-pipeline",
    state: "verified",
    ...given,
    at: new Date(given.at ?? "2026-11-01T12:00:00Z"),
  };
}

function snapshotOf(
  environment: Environment,
  before: Files,
  { pullRequests = [], publishes }: Event,
): Snapshot {
  const names = [
    ...pullRequests.map(({ chart }) => chart),
    ...publishes.map(({ chart }) => chart ?? "xposer"),
  ];
  const branches = new Map(
    names.map((chart) => {
      const name = branchOf(environment, chart);
      const here = pullRequests.filter((one) => branchOf(environment, one.chart) === name);
      return [name, { name, pullRequests: here.map(observed) }] as const;
    }),
  );
  const texts = [...before].filter(([path]) => !path.startsWith("charts/"));
  return {
    environment: environment.name,
    base: "0".repeat(40),
    files: new Map(texts.map(([path, text]) => [path, { oid: path, mode: 0o100644, text }])),
    vendored: [...before.keys()].filter((path) => path.startsWith("charts/")),
    branches,
  };
}

function observed(given: NonNullable<Event["pullRequests"]>[number], index: number): ObservedPullRequest {
  const { chart, version, state, rolledBackFrom } = given;
  const trailers = [
    `Chart: ${chart}`,
    `Chart-Version: ${version}`,
    ...(rolledBackFrom ? [`Rolled-Back-From: ${rolledBackFrom}`] : []),
  ];
  return {
    id: `PR_${index + 1}`,
    number: 10 + index,
    url: `https://github.com/acme/config/pull/${10 + index}`,
    state,
    title: "",
    body: "",
    draft: false,
    baseBranch: "main",
    baseIsGone: false,
    headOid: "1".repeat(40),
    labels: [],
    byApp: true,
    closedByApp: false,
    closedWithBase: false,
    inMergeQueue: false,
    autoMerge: false,
    commits: [
      {
        ...{ oid: "1".repeat(40), tree: "2".repeat(40), parents: ["0".repeat(40)] },
        ...{ message: `Promote\n\n${trailers.join("\n")}`, byApp: true, sealed: true, authorName: "bot" },
      },
    ],
    commitCount: 1,
    fork: new Map(),
    comments: [],
    guardedLabels: { last: new Map() },
  };
}

function applied(before: Files, { plans }: EnvironmentPlan): Files {
  const after = new Map(before);
  for (const plan of plans) {
    if (plan.kind !== "change") continue;
    for (const { path, after: text } of plan.edits) {
      if (text === null) after.delete(path);
      else after.set(path, text);
    }
    for (const { remove, add } of plan.archives) {
      for (const path of remove) after.delete(path);
      after.set(add.path, `the archive of ${add.name} ${add.version}\n`);
    }
  }
  return new Map([...after].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The plan without the texts, which stand in before/ and after/. */
function shown({ plans, verdicts }: EnvironmentPlan): object {
  return {
    plans: plans.map((plan) =>
      plan.kind === "change"
        ? {
            ...plan,
            moves: plan.moves.map(({ publish, ...move }) => ({ ...move, publish: publish.id })),
            edits: plan.edits.map(({ path }) => path),
          }
        : plan,
    ),
    verdicts,
  };
}

async function pullRequests(
  { plans }: EnvironmentPlan,
  about: { readonly environment: Environment; readonly snapshot: Snapshot },
): Promise<readonly (readonly [string, string])[]> {
  const changes = plans.filter((plan): plan is Change => plan.kind === "change");
  if (changes.length === 0) return [];
  const texts = await Promise.all(
    changes.map(async (change) => {
      const { headline, body } = commitMessage(change);
      const text = await describe(change, undefined, settlingFor(about, REPOSITORIES));
      return `# ${promotionTitle(change)}\n\n${text}\n\n---\n\n    ${headline}\n\n${body.replace(/^/gm, "    ")}\n`;
    }),
  );
  return [["pull-request.md", texts.join("\n\n")]];
}

function moved(before: Files, after: Files): object {
  const read = (files: Files) => {
    const umbrella = readUmbrella(files, repositoryUrls(REPOSITORIES));
    return umbrella.ok ? umbrella.value : undefined;
  };
  return movedBetween(read(before), read(after));
}

function below(files: ReadonlyMap<string, string>, prefix: string): Files {
  return new Map(
    [...files].flatMap(([path, text]) =>
      path.startsWith(prefix) ? [[path.slice(prefix.length), text] as const] : [],
    ),
  );
}
