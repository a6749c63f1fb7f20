// While there is no config to deploy by, no open pull request is good to merge: the checks that say so are taken back. When
// there is one again, every pull request is judged by it.

import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import {
  type ConfigRepository,
  nameWithOwner,
  type RepositoryIndex,
} from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

/** One request, and one for each check that lets its pull request be merged. */
export async function takeChecksBack(
  repository: ConfigRepository,
  { configOid, problems, onboarding }: RepositoryIndex,
  { github, writtenChecks, log }: Deps,
): Promise<undefined> {
  const title = configOid === undefined ? `There is no ${CONFIG_FILE}` : `${CONFIG_FILE} cannot be read`;
  const where =
    problems[0]?.place?.line === undefined ? "" : ` The first mistake is in line ${problems[0].place.line}.`;
  const summary = `${title}, so nothing is judged, and what is merged now is deployed when that is mended.${where} Mend it in a pull request that changes no environment.`;
  for (const { number, headSha, check } of await github.in(repository).openHeads()) {
    if (check?.passed !== true || (configOid === undefined && number === onboarding?.pullRequest)) continue;
    const externalId = `no-config ${configOid ?? ""}`;
    const run = { headSha, externalId, title, summary, annotations: [] };
    const id = await github.in(repository).writeCheckRun({ ...run, conclusion: "failure" });
    if (id !== undefined) writtenChecks.add(repository.id, headSha, { id, externalId });
    log.info({ repository: nameWithOwner(repository), number, title }, "check taken back");
  }
  return undefined;
}
