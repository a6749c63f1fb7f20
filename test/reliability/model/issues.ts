// The App's issues, once the server has come to rest: one tells of pushes that no deployment contains, one of what keeps
// promotions from being opened. Each answers what is wrong.

import { isContained } from "../../../src/sandbox/github/git/history.ts";
import type { Issue } from "../../../src/sandbox/github/world/records.ts";
import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import { changes } from "./always.ts";
import type { Memory } from "./memory.ts";
import { ENVIRONMENTS, PLACES, patchIn, versionText } from "./stage.ts";
import { BOT, broughtOut, deploymentsTo, patchOnBase } from "./truth.ts";

const OBSTACLES = "chart-promoter cannot open all promotions";

type Breaches = readonly string[];

export function wrongIssues(name: string, testBed: MultiTenantTestBed, memory: Memory): Breaches {
  const ours = testBed.github
    .repository(name)
    .issues()
    .filter(({ state, author }) => state === "open" && author.login === BOT);
  const titles = ours.map(({ title }) => title);
  const doubled = titles.filter((title, at) => titles.indexOf(title) !== at);
  if (doubled.length > 0) return [`the issue "${doubled[0]}" is open twice in ${name}`];
  const others = ours.filter(({ title }) => !title.startsWith("Drift in ") && title !== OBSTACLES);
  if (others.length > 1) return [`${others.length} issues are open in ${name}`];
  const obstacles = ours.find(({ title }) => title === OBSTACLES);
  return [...untoldPushes(name, others[0], { testBed, memory }), ...falseObstacles(obstacles, testBed)];
}

/** Pushes that no deployment has contained yet are told of in one issue; without any there is none. */
function untoldPushes(
  name: string,
  issue: Issue | undefined,
  { testBed, memory }: { readonly testBed: MultiTenantTestBed; readonly memory: Memory },
): Breaches {
  const repository = testBed.github.repository(name);
  const undeployed = memory.pushes.filter(
    (push) =>
      push.repository === name &&
      !push.mayBeUnheard &&
      ENVIRONMENTS.some(
        (environment) =>
          environment.repository === name &&
          environment.branch === push.branch &&
          changes(repository, environment, push) &&
          !deploymentsTo(testBed, environment).some(({ oid }) =>
            isContained(repository.objects, push.oid, oid),
          ),
      ),
  );
  const untold = undeployed.filter(({ oid }) => !issue?.body.includes(oid.slice(0, 7)));
  return untold.map(({ oid }) => `no issue in ${name} tells of the push of ${oid.slice(0, 7)}`);
}

const NEVER =
  /^\* `\w+`, `(\w+)`: \S+ waits until (\S+) is deployed in (\w+): \w+ has (\S+), and no deployment/gm;

/** What is told to wait for ever waits behind a version that nobody brought out. */
function falseObstacles(issue: Issue | undefined, testBed: MultiTenantTestBed): Breaches {
  const matches = [...(issue?.body ?? "").matchAll(NEVER)];
  return matches.flatMap(([line, chart, awaited = "", upstream, standing = ""]) => {
    const place = PLACES.find((one) => one.chart === chart && one.environment.name === upstream);
    if (!place) return [`no such place: ${line}`];
    const base = patchOnBase(testBed, place);
    const isTrue = versionText(base) === standing && base >= patchIn(awaited);
    return isTrue && !broughtOut(testBed, place).includes(patchIn(awaited)) ? [] : [`it is not so: ${line}`];
  });
}
