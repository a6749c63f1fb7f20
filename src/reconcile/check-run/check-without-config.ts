// While the repository has no valid config, nothing can be deployed, so the successful checks of open pull requests are
// taken back. Once there is a config again, every open pull request is judged anew.

import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import {
  type ConfigRepository,
  nameWithOwner,
  type RepositoryIndex,
} from "../../domain/model/github/repository.ts";
import type { Deps } from "../context.ts";

/** One request, plus one for each successful check that is taken back. */
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
