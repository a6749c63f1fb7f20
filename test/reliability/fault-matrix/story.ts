// What every account lives through, chapter by chapter: each flow that asks GitHub for something has its turn.

import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import { MUSEUM_URL } from "../../../src/sandbox/test-bed.ts";
import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import type { Struckable } from "./strikes.ts";

/** It takes every call; what became of it is reported by the chapters. */
export const HOOK = { kind: "webhook", name: "hook", secret: "hook-secret", repositories: ["*/*"] } as const;

const SCALED = {
  kind: "Deployment",
  namespace: "dev",
  name: "web",
  change: "changed",
  fields: ["spec.replicas"],
};

const REQUIREMENTS = "dev/requirements.yaml";
const CONFIG = ".github/chart-promoter.yml";

export interface Chapter extends Struckable {
  readonly name: string;
  /** What happens, in each of these accounts. */
  readonly happens: (testBed: MultiTenantTestBed, accounts: readonly string[]) => Promise<unknown>;
  /** How long it takes until the last request, where some are only due later. */
  readonly lastsMs?: number;
}

const DASHBOARD = "dashboardIssue: true\n";
/** It is written at most once a minute. */
const DASHBOARD_MS = 61_000;

/** After a push, the telling of merges is waited for before anybody asks where it came from, and then once more. */
const AUDIT_MS = 6_500;

const inEach =
  (act: (testBed: MultiTenantTestBed, repository: string) => void): Chapter["happens"] =>
  async (testBed, accounts) => {
    for (const account of accounts) act(testBed, `${account}/config`);
  };

export const STORY: readonly Chapter[] = [
  { name: "the App is found at start", happens: (testBed) => testBed.start() },
  { name: "a new promotion", happens: (testBed) => testBed.publish("1.0.1") },
  { name: "a newer version", happens: (testBed) => testBed.publish("1.0.2") },
  {
    name: "the base changed a touched file",
    lastsMs: AUDIT_MS,
    happens: inEach((testBed, repository) => {
      const files = {
        [REQUIREMENTS]: `dependencies:\n  - name: xposer\n    version: 1.0.0 # now with a comment\n    repository: ${MUSEUM_URL}\n`,
      };
      testBed.alice.push(repository, { branch: "main", files });
    }),
  },
  { name: "closed by people", happens: inEach((testBed, repository) => testBed.alice.close(repository, 1)) },
  {
    name: "reopened by people",
    happens: inEach((testBed, repository) => testBed.alice.reopen(repository, 1)),
  },
  {
    name: "commits of people on the branch",
    happens: async (testBed, accounts) => {
      for (const account of accounts)
        testBed.alice.push(`${account}/config`, {
          branch: "promote/dev/xposer",
          files: { "dev/xposer.yaml": "xposer:\n  replicas: 3\n" },
        });
      await testBed.publish("1.0.3");
    },
  },
  { name: "merged", happens: inEach((testBed, repository) => testBed.alice.merge(repository, 1)) },
  {
    name: "a promotion after the merge, with values",
    happens: (testBed) => testBed.publish("1.1.0", "xposer", { "image.tag": "1.1.0" }),
  },
  {
    name: "people put the version on the base by hand",
    lastsMs: AUDIT_MS,
    happens: inEach((testBed, repository) => {
      const files = {
        [REQUIREMENTS]: `dependencies:\n  - name: xposer\n    version: 1.1.0 # by hand\n    repository: ${MUSEUM_URL}\n`,
        "dev/xposer.yaml": "xposer:\n  replicas: 3\n  image:\n    tag: 1.1.0\n",
      };
      testBed.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "a broken config file",
    happens: inEach((testBed, repository) => {
      const files = { [CONFIG]: "environments:\n  dev:\n    pth: dev\n" };
      testBed.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "a config file broken otherwise",
    happens: inEach((testBed, repository) => {
      const files = { [CONFIG]: "environments:\n  dev:\n    path: dev\n    updates: large\n" };
      testBed.alice.push(repository, { branch: "main", files });
    }),
  },
  {
    name: "the config file is right again, with labels, reviewers and a deployer",
    happens: inEach((testBed, repository) => {
      const config = "    path: dev\n    labels: [promotion]\n    reviewers: [bob]\n    deploy: [hook]\n";
      const files = { [CONFIG]: `environments:\n  dev:\n${config}` };
      testBed.alice.push(repository, { branch: "main", files });
    }),
  },
  { name: "a decorated promotion", happens: (testBed) => testBed.publish("1.2.0") },
  {
    name: "a comment while the server was down",
    happens: whileDown(onOpen((testBed, at) => testBed.alice.comment(...at, "/hold"))),
  },
  { name: "held by a comment", happens: onOpen((testBed, at) => testBed.alice.comment(...at, "/hold")) },
  { name: "let go by a comment", happens: onOpen((testBed, at) => testBed.alice.comment(...at, "/unhold")) },
  { name: "merged, for the deployer", happens: onOpen((testBed, at) => testBed.alice.merge(...at)) },
  { name: "the deployer reports a failure", happens: reported("failure") },
  {
    name: "rolled back by a comment",
    happens: onNewest("merged", (testBed, at) => testBed.alice.comment(...at, "/rollback")),
  },
  { name: "the rollback is merged", happens: onOpen((testBed, at) => testBed.alice.merge(...at)) },
  { name: "the deployer reports a success", happens: reported("success") },
  { name: "a promotion after the rollback", happens: (testBed) => testBed.publish("1.3.0") },
  {
    name: "rejected by a comment",
    happens: onOpen((testBed, at) => testBed.alice.comment(...at, "/reject")),
  },
  {
    name: "the cluster is watched, and healed when somebody asks",
    happens: inEach((testBed, repository) => {
      const config = "    path: dev\n    deploy: [hook]\n    drift: { every: 7d }\n";
      testBed.alice.push(repository, {
        branch: "main",
        files: { [CONFIG]: `environments:\n  dev:\n${config}` },
      });
    }),
  },
  { name: "the deployer reports a drift", happens: reportedDrift([SCALED]) },
  { name: "kept by a comment, and no more", lastsMs: 1_500, happens: onDriftIssue("/keep 1s") },
  { name: "healed by a comment", happens: onDriftIssue("/heal") },
  { name: "the deployer reports the heal's success", happens: reported("success") },
  { name: "the deployer reports a clean cluster", happens: reportedDrift([]) },
  {
    name: "drifts are healed by the App itself",
    happens: inEach((testBed, repository) => {
      const config = "    path: dev\n    deploy: [hook]\n    drift: { every: 7d, heal: on }\n";
      testBed.alice.push(repository, {
        branch: "main",
        files: { [CONFIG]: `environments:\n  dev:\n${config}` },
      });
    }),
  },
  {
    name: "redeployed by a comment",
    happens: onNewest("merged", (testBed, at) => testBed.alice.comment(...at, "/redeploy")),
  },
  { name: "the deployer reports the redeployment's success", happens: reported("success") },
  { name: "the deployer reports a drift that is healed", happens: reportedDrift([SCALED]) },
  { name: "the deployer reports that heal's success", happens: reported("success") },
  { name: "the deployer reports the healed cluster", happens: reportedDrift([]) },
  { name: "a dashboard issue is asked for", lastsMs: DASHBOARD_MS, happens: configured(DASHBOARD) },
  { name: "a box of the dashboard issue is ticked", lastsMs: DASHBOARD_MS, happens: ticked },
  {
    name: "the deployer reports that redeployment's success",
    lastsMs: DASHBOARD_MS,
    happens: reported("success"),
  },
  {
    name: "a box of the dashboard issue is ticked while the server was down",
    lastsMs: DASHBOARD_MS,
    happens: whileDown(ticked),
  },
  { name: "the dashboard issue is asked for no more", happens: configured("") },
  {
    name: "the config file was deleted while the server was down, and a first one is offered",
    // Before the branch changes: that a rule forbids it is no news to whoever made the rule.
    endsRefused: true,
    happens: whileDown(
      inEach((testBed, repository) => {
        testBed.alice.push(repository, { branch: "main", files: { [CONFIG]: null } });
      }),
    ),
  },
  {
    name: "the offer of a config file is merged",
    happens: onOpen((testBed, at) => testBed.alice.merge(...at)),
  },
];

function configured(more: string): Chapter["happens"] {
  return inEach((testBed, repository) => {
    const config = `${more}environments:\n  dev:\n    path: dev\n    deploy: [hook]\n`;
    testBed.alice.push(repository, { branch: "main", files: { [CONFIG]: config } });
  });
}

async function ticked(testBed: MultiTenantTestBed, accounts: readonly string[]): Promise<void> {
  for (const account of accounts) {
    const open = testBed
      .repository(account)
      .issues()
      .find(({ state, title }) => state === "open" && title.startsWith("Dashboard"));
    if (open) testBed.alice.tick(`${account}/config`, open.number, "deploy again");
  }
}

/** No webhook tells of it. */
function whileDown(happens: Chapter["happens"]): Chapter["happens"] {
  return async (testBed, accounts) => {
    await testBed.stopServer();
    await happens(testBed, accounts);
    await testBed.start();
  };
}

function onDriftIssue(command: string): Chapter["happens"] {
  return inEach((testBed, repository) => {
    const issues = testBed.github.repository(repository).issues();
    const open = issues.find(({ state, title }) => state === "open" && title === "Drift in dev");
    if (open) testBed.alice.comment(repository, open.number, command);
  });
}

/** The deployer looked at the cluster of the deployment that it made last. */
function reportedDrift(resources: readonly object[]): Chapter["happens"] {
  return async (testBed, accounts) => {
    for (const account of accounts) {
      const { id, oid } = [...testBed.repository(account).deployments.values()].at(-1) ?? {};
      await tell(testBed, `/deployments/${id}/drift`, { revision: oid, resources });
    }
  };
}

function onOpen(
  act: (testBed: MultiTenantTestBed, at: readonly [string, number]) => void,
): Chapter["happens"] {
  return onNewest("open", act);
}

function onNewest(
  state: "open" | "merged",
  act: (testBed: MultiTenantTestBed, at: readonly [string, number]) => void,
): Chapter["happens"] {
  return inEach((testBed, repository) => {
    const pulls = testBed.github.repository(repository).pulls();
    const pull = pulls.findLast((one) => (one.merge ? "merged" : one.state) === state);
    if (pull) act(testBed, [repository, pull.number]);
  });
}

function reported(state: "success" | "failure"): Chapter["happens"] {
  return async (testBed, accounts) => {
    for (const account of accounts)
      await tell(testBed, `/deployments/${newestDeployment(testBed.repository(account))}/status`, { state });
  };
}

/** As the deployer, which comes back where what it speaks of is not on record yet. */
async function tell(testBed: MultiTenantTestBed, path: string, body: object): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${HOOK.name}:${HOOK.secret}`).toString("base64")}`;
  const headers = { authorization, "content-type": "application/json" };
  await testBed.until(async () => {
    const answer = await fetch(`${testBed.url()}${path}`, {
      ...{ method: "POST", headers },
      body: JSON.stringify(body),
    });
    return answer.status !== 409;
  });
}

function newestDeployment({ deployments }: Repository): number | undefined {
  return [...deployments.values()].at(-1)?.id;
}
