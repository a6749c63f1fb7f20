// The App's installations, and the repositories that each of them covers.

import type { ConfigRepository } from "../../../domain/model/github/repository.ts";
import type { GitHubApp } from "../api/app.ts";
import type { InstallationClient } from "../api/client.ts";
import { failureOf, GitHubFailure } from "../api/failure.ts";

/** Installations that are not suspended. */
export async function installations({ octokit }: GitHubApp, clock: () => Date): Promise<readonly number[]> {
  try {
    const app = await octokit();
    const all = await app.paginate(app.rest.apps.listInstallations, { per_page: 100 });
    return all.filter(({ suspended_at }) => !suspended_at).map(({ id }) => id);
  } catch (error) {
    throw failureOf(error, "listing the installations", clock());
  }
}

/** The App's name in URLs and in its commits: `<slug>[bot]`. */
export async function slugOf({ octokit }: GitHubApp, clock: () => Date): Promise<string> {
  try {
    const { data } = await (await octokit()).rest.apps.getAuthenticated();
    if (!data?.slug) throw new Error("GitHub named no slug for the App");
    return data.slug;
  } catch (error) {
    throw failureOf(error, "asking who the App is", clock());
  }
}

/** Numeric id of the App's bot account; `undefined` when GitHub shows none. One request. */
export async function userIdOf(client: InstallationClient, slug: string): Promise<number | undefined> {
  const about = { activity: "asking who the App is", purpose: "upkeep", content: false } as const;
  try {
    const { data } = await client.rest(about, (octokit) =>
      octokit.rest.users.getByUsername({ username: `${slug}[bot]` }),
    );
    return data.id;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "missing") return undefined;
    throw error;
  }
}

/** `undefined` when the installation is suspended or deleted. */
export async function installedRepositories(
  app: GitHubApp,
  installationId: number,
): Promise<readonly ConfigRepository[] | undefined> {
  const about = {
    activity: `listing installation ${installationId}`,
    purpose: "upkeep",
    content: false,
  } as const;
  try {
    const all = await app
      .installation(installationId)
      .rest(about, (octokit) =>
        octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 100 }),
      );
    return all.map(({ id, owner, name, default_branch, archived }) => ({
      id,
      installationId,
      owner: owner.login,
      name,
      defaultBranch: default_branch,
      archived,
    }));
  } catch (error) {
    if (error instanceof GitHubFailure && (error.kind === "denied" || error.kind === "missing"))
      return undefined;
    throw error;
  }
}
