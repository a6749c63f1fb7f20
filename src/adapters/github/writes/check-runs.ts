// The App's check runs: reading those on a head, and writing them.

import type {
  CheckRunDraft,
  ObservedCheckRun,
  OpenPullRequest,
} from "../../../domain/model/github/checked-pull-request.ts";
import { HOLD_LABEL } from "../../../domain/model/github/guarded-labels.ts";
import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import { lacksPermission } from "../../../reconcile/ports/github/github-refusal.ts";
import type { InstallationClient } from "../api/client.ts";
import { GitHubFailure } from "../api/failure.ts";
import { BASE_FORCES, isBaseForcedSince, type RawBaseForces } from "../queries/pull-requests/base-forces.ts";
import type { RepositoryAccess } from "../repository-access.ts";

const CHECK_NAME = "chart-promoter";
/** docs.github.com, "Checks API": maximum annotations in one request. */
const ANNOTATIONS = 50;

/** For a query about a commit. The App's runs are identified by the App of their check suite. */
export const RUNS = `checkSuites(first: 20) { nodes {
        app { slug }
        checkRuns(first: 1, filterBy: { checkName: "${CHECK_NAME}", checkType: LATEST }) {
          nodes { databaseId externalId status conclusion completedAt }
        }
      } }`;

export interface RawRuns {
  readonly checkSuites?: {
    readonly nodes: readonly {
      readonly app: { readonly slug: string } | null;
      readonly checkRuns: {
        readonly nodes: readonly {
          readonly databaseId: number;
          readonly externalId: string | null;
          readonly status: string;
          readonly conclusion: string | null;
          readonly completedAt: string | null;
        }[];
      } | null;
    }[];
  } | null;
}

/** The newest of the App's own. */
export function newestRun(commit: RawRuns, slug: string): ObservedCheckRun | undefined {
  const newest = newestRaw(commit, slug);
  return (
    newest && {
      id: newest.databaseId,
      externalId: newest.externalId ?? "",
      completed: newest.status === "COMPLETED",
      passed: newest.conclusion === "SUCCESS" || newest.conclusion === "NEUTRAL",
    }
  );
}

function newestRaw({ checkSuites }: RawRuns, slug: string) {
  const runs = (checkSuites?.nodes ?? [])
    .filter(({ app }) => app?.slug === slug)
    .flatMap(({ checkRuns }) => checkRuns?.nodes ?? []);
  return runs.toSorted((a, b) => b.databaseId - a.databaseId)[0];
}

/**
 * One request, and one more for each further fifty annotations. A pending run gets no annotations, as GitHub can only
 * add to them. Returns the run's id; `undefined` when GitHub accepts none, such as for a missing commit.
 */
export async function writeCheckRun(
  { client, repository }: RepositoryAccess,
  run: CheckRunDraft,
): Promise<number | undefined> {
  try {
    const annotations = run.conclusion === "pending" ? [] : run.annotations;
    const id = await send(client, repository, { run, annotations: annotations.slice(0, ANNOTATIONS) });
    for (let at = ANNOTATIONS; at < annotations.length; at += ANNOTATIONS) {
      const more = annotations.slice(at, at + ANNOTATIONS);
      await send(client, repository, { run: { ...run, continues: id }, annotations: more });
    }
    return id;
  } catch (error) {
    const refused = ["denied", "missing", "refused"];
    if (error instanceof GitHubFailure && refused.includes(error.kind) && !lacksPermission(error))
      return undefined;
    throw error;
  }
}

async function send(
  client: InstallationClient,
  { owner, name: repo }: Pick<ConfigRepository, "owner" | "name">,
  { run, annotations }: { readonly run: CheckRunDraft; readonly annotations: CheckRunDraft["annotations"] },
): Promise<number> {
  const { externalId, conclusion, title, summary, continues } = run;
  const activity = `checking ${run.headSha}`;
  const part = continues === undefined ? ({ check: "written" } as const) : {};
  const about = { activity, purpose: "promotion", content: true, ...part } as const;
  const content = {
    owner,
    repo,
    external_id: externalId,
    ...(conclusion === "pending"
      ? { status: "in_progress" as const }
      : { status: "completed" as const, conclusion }),
    output: {
      title,
      summary,
      annotations: annotations.map(({ path, line, level, message }) => ({
        path,
        start_line: line,
        end_line: line,
        annotation_level: level,
        message,
      })),
    },
  };
  return client.rest(about, async (octokit) => {
    const { data } =
      continues === undefined
        ? await octokit.rest.checks.create({ ...content, name: CHECK_NAME, head_sha: run.headSha })
        : await octokit.rest.checks.update({ ...content, check_run_id: continues });
    return data.id;
  });
}

/** The hundred most recently updated open pull requests, with the check on each. One request. */
export async function openHeads(access: RepositoryAccess): Promise<readonly OpenPullRequest[]> {
  const { client, app } = access;
  const { owner, name } = access.repository;
  const slug = await app.slug();
  const { repository } = await client.query<{
    readonly repository: {
      readonly pullRequests: {
        readonly nodes: readonly {
          readonly number: number;
          readonly baseRefName: string;
          readonly headRefOid: string;
          readonly commits: { readonly nodes: readonly { readonly commit: RawRuns }[] };
          readonly timelineItems: RawBaseForces;
        }[];
      };
      readonly held: { readonly nodes: readonly { readonly number: number }[] };
    };
  }>(
    `listing the open pull requests of ${owner}/${name}`,
    `query OpenHeads($owner: String!, $name: String!, $label: String!) {
  rateLimit { cost remaining resetAt }
  repository(owner: $owner, name: $name) {
    pullRequests(states: [OPEN], first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { number baseRefName headRefOid commits(last: 1) { nodes { commit { ${RUNS} } } } ${BASE_FORCES} }
    }
    held: pullRequests(states: [OPEN], labels: [$label], first: 100, orderBy: { field: UPDATED_AT, direction: DESC }) {
      nodes { number }
    }
  }
}`,
    { owner, name, label: HOLD_LABEL },
  );
  const held = new Set(repository.held.nodes.map(({ number }) => number));
  return repository.pullRequests.nodes.map((pull) => {
    const { number, baseRefName: baseBranch, headRefOid: headSha } = pull;
    const commit = pull.commits.nodes[0]?.commit;
    const check = commit && newestRun(commit, slug);
    const judgedAt = commit && newestRaw(commit, slug)?.completedAt;
    const isForced = judgedAt ? isBaseForcedSince(pull.timelineItems, judgedAt) : false;
    const isHeld = held.has(number);
    return { number, baseBranch, headSha, isHeld, isForced, ...(check && { check }) };
  });
}
