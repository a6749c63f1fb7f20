// An offline GitHub with one repository, the App installed on it, and its Octokit.

import { pino } from "pino";
import { Probot, ProbotOctokit } from "probot";
import { type GitHubOptions, startGitHub } from "../../../src/sandbox/github/github.ts";
import type { PermissionSet } from "../../../src/sandbox/github/world/world.ts";

export const NAME = "acme/config";
export const ABOUT = { owner: "acme", repo: "config" };
export const ZERO = "0".repeat(40);

export type Setup = Awaited<ReturnType<typeof setUp>>;

export async function setUp(options: GitHubOptions & { readonly installed?: PermissionSet } = {}) {
  const github = await startGitHub(options);
  const repository = github.createRepository({
    name: NAME,
    files: {
      "dev/requirements.yaml": "dependencies:\n- name: xposer\n  version: 1.0.0\n",
      "README.md": "# config\n",
    },
    people: { alice: "write", bob: "write", eve: "read" },
  });
  const installation = github.install({
    account: "acme",
    repositories: "all",
    permissions: options.installed,
  });
  const octokit = await clientFor(github, installation.id);
  return { github, repository, installation, octokit, graphql: octokit.graphql };
}

/** Probot's own client for an installation, or for the App itself, without its waiting and retrying. */
export async function clientFor(
  github: { readonly url: string; readonly app: { readonly id: number; readonly privateKey: string } },
  installationId?: number,
): Promise<ProbotOctokit> {
  const { id: appId, privateKey } = github.app;
  const probot = new Probot({
    ...{ appId, privateKey, secret: "unused", Octokit: QuietOctokit },
    baseUrl: `${github.url}/api/v3`,
    log: pino({ level: "silent" }),
  });
  return installationId === undefined ? probot.auth() : probot.auth(installationId);
}

const QuietOctokit = ProbotOctokit.defaults((options: object) => ({
  ...options,
  retry: { enabled: false },
  throttle: { enabled: false },
}));

/** The errors of a GraphQL answer, as `type: message`; empty when it succeeded. */
export async function errorsOf(answer: Promise<unknown>): Promise<string[]> {
  try {
    await answer;
    return [];
  } catch (error) {
    if (typeof error !== "object" || error === null || !("errors" in error) || !Array.isArray(error.errors))
      throw error;
    return error.errors.map((one: { type?: string; message: string }) => `${one.type}: ${one.message}`);
  }
}

/** The HTTP status that a REST call failed with. */
export async function statusOf(answer: Promise<{ readonly status: number }>): Promise<number> {
  try {
    return (await answer).status;
  } catch (error) {
    if (typeof error === "object" && error !== null && "status" in error && typeof error.status === "number")
      return error.status;
    throw error;
  }
}

export interface CommitOnBranch {
  readonly branch: string;
  readonly head: string;
  readonly files: { readonly [path: string]: string | null };
  readonly message?: string;
}

/** The input of createCommitOnBranch. */
export function commitInput({ branch, head, files, message = "Change" }: CommitOnBranch): object {
  const additions = Object.entries(files).flatMap(([path, text]) =>
    text === null ? [] : [{ path, contents: Buffer.from(text).toString("base64") }],
  );
  const deletions = Object.entries(files).flatMap(([path, text]) => (text === null ? [{ path }] : []));
  return {
    branch: { repositoryNameWithOwner: NAME, branchName: branch },
    expectedHeadOid: head,
    message: { headline: message },
    fileChanges: { additions, deletions },
  };
}
