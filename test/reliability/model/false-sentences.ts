// Sentences that people read on GitHub and that what stands there contradicts, once the server has come to rest.

import { isContained } from "../../../src/sandbox/github/git/history.ts";
import type { PullRequest } from "../../../src/sandbox/github/world/records.ts";
import type { Repository } from "../../../src/sandbox/github/world/repositories/repository.ts";
import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import type { Memory } from "./memory.ts";
import { CONFIG, ENVIRONMENTS, type Environment, PLACES, PRODUCTION, versionText } from "./stage.ts";
import { BOT, deploymentsIn, deploymentsTo, proposals } from "./truth.ts";

export function falseSentences(testBed: MultiTenantTestBed, memory: Memory): readonly string[] {
  return [CONFIG, PRODUCTION].flatMap((name) => {
    const repository = testBed.github.repository(name);
    return [
      ...repository.pulls().flatMap((pull) => falseInBody(pull, testBed)),
      ...failuresOvercome(repository, testBed),
      ...(memory.isDiskLost ? [] : pushesDeployed(repository, testBed, memory)),
    ];
  });
}

/** What an open promotion says that it carries, and what a merge of it does. */
function falseInBody(
  { number, state, head, author, body, base }: PullRequest,
  testBed: MultiTenantTestBed,
): readonly string[] {
  if (state !== "open" || author.login !== BOT) return [];
  const place = PLACES.find(
    ({ branch, environment }) => branch === head.branch && environment.branch === base.branch,
  );
  if (!place) return [`#${number} leads where no promotion of it belongs`];
  const carried = proposals(testBed, place).find((one) => one.number === number)?.carries ?? Number.NaN;
  const match = /^\*\*`\w+`\*\* .*?(?:→|to) `(\S+)` in \*\*`(\w+)`/m.exec(body);
  const isTrue = match?.[1] === versionText(carried) && match[2] === place.environment.name;
  return [
    ...(isTrue ? [] : [`#${number} carries ${versionText(carried)} and says ${match?.[0]}`]),
    ...(/Elsewhere:|merging this deploys it/i.test(body) ? [`#${number} promises what may change`] : []),
  ];
}

/** A failure is not told as one any more when what failed is out: a repeat's, when it came out after that. */
function failuresOvercome(repository: Repository, testBed: MultiTenantTestBed): readonly string[] {
  const here = ENVIRONMENTS.filter((environment) => environment.repository === repository.fullName);
  return [...repository.comments.values()].flatMap(({ number, author, body }) => {
    const match =
      /deployment-failed (\d+) -->\nDeploying `([0-9a-f]{7})` to `(\w+)`( again)? failed\.\n/.exec(body);
    const environment = here.find(({ name }) => name === match?.[3]);
    const failed = repository.deployments.get(Number(match?.[1]));
    if (!match || author.login !== BOT || !environment || !failed) return [];
    const since = match[4] === undefined ? undefined : failed.statuses.at(-1)?.createdAt;
    return isOut(failed.oid, environment, { testBed, since })
      ? [`#${number} says that ${match[2]} failed in ${environment.name}, and it is out`]
      : [];
  });
}

/** Whether a deployment that contains the commit succeeded, after `since` where that is given. */
function isOut(
  oid: string,
  environment: Environment,
  { testBed, since }: { readonly testBed: MultiTenantTestBed; readonly since: Date | undefined },
): boolean {
  const { objects } = testBed.github.repository(environment.repository);
  return deploymentsIn(testBed, environment).some(
    ({ oid: other, statuses }) =>
      statuses.some(
        ({ state, createdAt }) => state === "success" && (since === undefined || createdAt > since),
      ) && isContained(objects, oid, other),
  );
}

/** The issue lists no push that a deployment contains. */
function pushesDeployed(
  repository: Repository,
  testBed: MultiTenantTestBed,
  { pushes }: Memory,
): readonly string[] {
  const open = repository.issues().filter(({ state, author }) => state === "open" && author.login === BOT);
  const listed = open.flatMap(({ body }) => [
    ...body.matchAll(/^\* `(\w+)`: .* pushed `([0-9a-f]{7})` to/gm),
  ]);
  return listed.flatMap(([, name, short = ""]) => {
    const environment = ENVIRONMENTS.find((one) => one.name === name);
    const push = pushes.find(({ oid }) => oid.startsWith(short));
    if (!environment || !push) return [];
    const isOut = deploymentsTo(testBed, environment).some((one) =>
      isContained(repository.objects, push.oid, one.oid),
    );
    return isOut ? [`the issue says that ${short} is not deployed to ${name}, and it is`] : [];
  });
}
