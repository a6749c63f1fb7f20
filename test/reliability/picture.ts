// What an account looks like to people: two accounts to which the same happened have the same picture, whatever trouble
// one of them met on the way.

import { history } from "../../src/sandbox/github/git/history.ts";
import { filesOf } from "../../src/sandbox/github/git/trees.ts";
import type { Repository } from "../../src/sandbox/github/world/repositories/repository.ts";
import type { Promoted } from "./multi-tenant-test-bed.ts";

const PAST = new Set(["superseded", "unchanged"]);

/** Every id, instant and account name that differs between equal accounts is left out or replaced. */
export function pictureOf(repository: Repository, promotions: readonly Promoted[]): string {
  const rows = promotions
    .filter((promotion) => promotion.repository === repository.fullName)
    .map(({ environment, state, because, pullRequest }) => ({
      environment,
      // What is behind the base is left alone from then on; when that was found out decides how it is told.
      ...(PAST.has(state) ? {} : { state, because }),
      number: pullRequest?.number,
    }));
  const picture = JSON.stringify(
    { ...onGitHub(repository), publishes: rows },
    (_key, value: unknown) => value,
    1,
  );
  return picture
    .replaceAll(/`[0-9a-f]{7}`|(?<=merged as )[0-9a-f]{7}/g, "SHA")
    .replaceAll(/(?<=deployment |deployment-failed |answer |"(?:heals|redeploys)": )\d+/g, "ID")
    .replaceAll(/(?<="intent": ")[^"]+/g, "INTENT")
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, "INSTANT")
    .replaceAll(/<!-- chart-promoter:drift-state .*? -->/g, "STATE")
    .replaceAll(repository.owner.login, "ACCOUNT");
}

function onGitHub(repository: Repository): object {
  const headline = (oid: string) => repository.objects.mustCommit(oid).message.split("\n", 1)[0];
  const label = (id: number) => repository.labels.get(id)?.name;
  return {
    pulls: repository.pulls().map(({ number, state, merge, title, body, draft, labels, head }) => ({
      ...{ number, state: merge ? "merged" : state, title, draft, labels: labels.map(label) },
      head: head.branch,
      body: withoutCommits(body),
    })),
    branches: [...repository.refs].sort(byName).map(([name, oid]) => ({
      name,
      files: Object.fromEntries(filesOf(repository.objects, repository.objects.mustCommit(oid).tree)),
      commits: history(repository.objects, oid).map(headline),
    })),
    issues: repository
      .issues()
      .map(({ state, title, body }) => ({ state, title, body: withoutCommits(body) })),
    comments: [...repository.comments.values()].map(({ number, author, body }) => ({
      number,
      by: author.login,
      body,
    })),
    deployments: [...repository.deployments.values()].map(
      ({ environment, task, payload, oid, statuses }) => ({
        ...{ environment, task, payload, of: headline(oid) },
        statuses: statuses
          .map(({ state, description }) => `${state}: ${description}`)
          // Where an answer was lost, it is said again: GitHub keeps a log of statuses.
          .filter((status, at, all) => status !== all[at - 1]),
      }),
    ),
    checks: [...repository.checkRuns.values()]
      .map(({ headOid, status, conclusion, output }) => ({
        of: headline(headOid),
        status,
        conclusion,
        title: output.title,
      }))
      .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))),
  };
}

/**
 * Commits hold instants, so that equal accounts have other ones. Whether rendering was in time says nothing of what struck an
 * account: the text is completed later.
 */
function withoutCommits(text: string): string {
  return text.replaceAll(/[0-9a-f]{40}/g, "SHA").replaceAll(/^- Not compared.*$/gm, "- Not compared");
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a.localeCompare(b);
}
