// A run of a repository's key is killed after each of its writes, one after the other. What is left is a mark that says nothing, and
// what is on record: the next process has to come to the same end by these alone.

import { expect, test } from "@jest/globals";
import type { Deps } from "../../../src/reconcile/context.ts";
import { requestFullResync } from "../../../src/reconcile/installation/discover.ts";
import { addDeploymentStatus } from "../../../src/sandbox/github/world/deployments.ts";
import { CONFIG_REPOSITORY, configRepository, MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import {
  Assassin,
  closeWorlds,
  discovered,
  found,
  hears,
  inProcess,
  LATER_MS,
  publish,
  settled,
  type World,
  work,
} from "./world.ts";

const PROD = {
  "prod/Chart.yaml": "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n",
  "prod/requirements.yaml": `dependencies:\n  - name: xposer\n    version: 1.0.0\n    repository: ${MUSEUM_URL}\n`,
};
const CONFIG = ".github/chart-promoter.yml";
const BOTH = "environments:\n  dev: { path: dev }\n  prod: { path: prod }\n";

async function endOf(world: World): Promise<string> {
  const repository = world.repository();
  return inProcess(world, async ({ store }) => {
    const { id } = repository;
    const index = await store.repositories.index(id);
    const records = await store.promotions.ofRepository(id);
    const picture = {
      pulls: repository.pulls().map(({ state, title, merge }) => `${merge ? "merged" : state} ${title}`),
      comments: [...repository.comments.values()].map(
        ({ number, body }) => `${number} ${withoutChance(body)}`,
      ),
      labels: repository.pulls().map(({ labels }) => labels.length),
      deployments: [...repository.deployments.values()].map(({ environment, payload, statuses }) =>
        [
          `${environment} ${movesIn(payload)}`,
          ...statuses.map(({ state, description }) => `${state}: ${description}`),
        ].join(", "),
      ),
      issues: repository.issues().map(({ state, title }) => `${state} ${title}`),
      records: records.map(({ environment, state }) => `${environment} ${state}`).toSorted(),
      routes: await store.publishes.routesOf(id),
      undone: (await store.deliveries.undone(id)).map(({ event }) => event.kind),
      config: index?.config?.environments.map(({ name }) => name),
      isPending: index?.requeueAt !== undefined,
      seen: [index?.mergesSeenUntil !== undefined, index?.backfillDue, index?.obstacles],
    };
    return JSON.stringify(picture, null, 1);
  });
}

function movesIn(payload: unknown): string {
  const {
    promotions = [],
  }: { readonly promotions?: readonly { readonly from: string; readonly to: string }[] } = Object(payload);
  return promotions.map(({ from, to }) => `${from} to ${to}`).join();
}

interface Chapter {
  readonly what: string;
  /** Whether the database is lost between both. */
  readonly loses?: true;
  /** In what it comes to. */
  readonly ends?: string;
  readonly before: (world: World, deps: Deps) => Promise<unknown>;
  readonly happens: (world: World, deps: Deps) => Promise<unknown>;
}

async function proposed(world: World, deps: Deps): Promise<void> {
  await settled(world, deps);
  await publish(world, deps);
  await work(world, deps);
}

/** Commits, ids and instants are others in each world. */
function withoutChance(body: string): string {
  return body
    .replaceAll(/`[0-9a-f]{7}`/g, "COMMIT")
    .replaceAll(/\d{6,}/g, "ID")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "INSTANT");
}

/** The deployer of the only deployment says that it works on it. */
function begun({ github: { world }, repository }: World, sha: string): void {
  const [deployment] = [...repository().deployments.values()];
  expect(deployment?.oid).toBe(sha);
  addDeploymentStatus(world, repository(), {
    ...{ id: deployment?.id ?? 0, state: "in_progress", description: "", logUrl: "", environmentUrl: "" },
    ...{ environment: "dev", autoInactive: true },
    actor: world.app.bot,
  });
}

const CHAPTERS: readonly Chapter[] = [
  {
    what: "the first look, with a publish that waits",
    before: discovered,
    happens: async (world, deps) => {
      await publish(world, deps);
      await requestFullResync(world.repository().id, deps);
    },
  },
  { what: "a publish", before: settled, happens: publish },
  {
    what: "a config that was pushed, which names one more environment",
    before: proposed,
    happens: async (world, deps) => {
      const before = world.repository().branch("main") ?? "";
      world.github.as("alice").push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: BOTH } });
      const after = world.repository().branch("main") ?? "";
      const push = { branch: "main", before, after, forced: false, pusher: "alice" };
      await hears(world, deps, { kind: "branch-pushed", ...push });
    },
  },
  {
    what: "a soak that ends",
    before: async (world, deps) => {
      const soaks = "  prod: { path: prod, after: dev, soak: 30s }\n";
      const config = `environments:\n  dev: { path: dev }\n${soaks}`;
      world.github.as("alice").push(CONFIG_REPOSITORY, { branch: "main", files: { [CONFIG]: config } });
      await proposed(world, deps);
      world.github.as("alice").merge(CONFIG_REPOSITORY, 1);
      await hears(world, deps, { kind: "pull-request-merged", number: 1, base: "main" });
      await work(world, deps);
    },
    happens: async (world, deps) => {
      world.pass(31_000);
      deps.store.queue.wake();
    },
  },
  {
    what: "a database that was lost while a deployment to an environment ran that left the config since",
    loses: true,
    ends: "error: Its environment left the config",
    before: async (world, deps) => {
      await proposed(world, deps);
      const sha = world.github.as("alice").merge(CONFIG_REPOSITORY, 1);
      await hears(world, deps, { kind: "pull-request-merged", number: 1, base: "main" });
      await work(world, deps);
      begun(world, sha);
      const files = { [CONFIG]: "environments:\n  next: { path: dev }\n" };
      world.github.as("alice").push(CONFIG_REPOSITORY, { branch: "main", files });
    },
    happens: async (world, deps) => {
      await discovered(world, deps);
      await requestFullResync(world.repository().id, deps);
    },
  },
  {
    what: "a merge that moved a folder, and a config that names the new one and another name",
    ends: "next 1.0.0 to 1.1.0",
    before: async (world, deps) => {
      await settled(world, deps);
      const files = Object.entries(configRepository()).flatMap(([path, text]) =>
        path.startsWith("dev/") && typeof text === "string" ? [[path, text] as const] : [],
      );
      const alice = world.github.as("alice");
      alice.push(CONFIG_REPOSITORY, {
        ...{ branch: "move", on: "main" },
        files: Object.fromEntries(
          files.flatMap(([path, text]) => [
            [path, null],
            [`live/${path}`, text.replace("version: 1.0.0", "version: 1.1.0")],
          ]),
        ),
      });
      alice.openPullRequest(CONFIG_REPOSITORY, { head: "move", title: "Move" });
    },
    happens: async (world, deps) => {
      const alice = world.github.as("alice");
      const branch = "main";
      alice.merge(CONFIG_REPOSITORY, 1);
      await hears(world, deps, { kind: "pull-request-merged", number: 1, base: branch });
      const before = world.repository().branch(branch) ?? "";
      const files = { [CONFIG]: "environments:\n  next: { path: live/dev }\n" };
      alice.push(CONFIG_REPOSITORY, { branch, files });
      const after = world.repository().branch(branch) ?? "";
      await hears(world, deps, {
        kind: "branch-pushed",
        branch,
        before,
        after,
        forced: false,
        pusher: "alice",
      });
    },
  },
  {
    what: "a merge and a command of which nobody told, found by a resync",
    before: proposed,
    happens: async (world, deps) => {
      world.github.as("alice").merge(CONFIG_REPOSITORY, 1);
      world.github.as("alice").comment(CONFIG_REPOSITORY, 1, "/rollback");
      await requestFullResync(world.repository().id, deps);
    },
  },
];

/** What the chapter comes to when its process is killed after so many writes; whether there were that many. */
async function promotionsOf(
  { before, happens, loses }: Chapter,
  after: number,
): Promise<{ readonly end: string; readonly isKilled: boolean }> {
  const world = await found(PROD);
  await inProcess(world, (deps) => before(world, deps));
  if (loses) await world.loseDatabase();
  const isKilled = await inProcess(world, async (deps) => {
    await happens(world, deps);
    return work(world, deps, { assassin: new Assassin(after), aheadMs: after === 0 ? LATER_MS : 0 });
  });
  if (isKilled) await inProcess(world, (deps) => work(world, deps, { aheadMs: LATER_MS }));
  const end = await endOf(world);
  await closeWorlds();
  return { end, isKilled };
}

test.each(CHAPTERS)(
  "$what ends as if nobody had been killed",
  async (chapter) => {
    const calm = await promotionsOf(chapter, 0);
    if (chapter.ends) expect(calm.end).toContain(chapter.ends);
    const different: string[] = [];
    for (let after = 1; ; after += 1) {
      const { end, isKilled } = await promotionsOf(chapter, after);
      if (!isKilled) break;
      if (end !== calm.end) different.push(end);
    }
    for (const end of different) expect(end).toEqual(calm.end);
  },
  600_000,
);
