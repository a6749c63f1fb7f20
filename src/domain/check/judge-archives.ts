// Judges the packed charts that a pull request commits below charts/: Helm installs them as they are, whatever the
// manifest says.

import type { Environment } from "../model/config/config.ts";
import type { CheckedPullRequest } from "../model/github/checked-pull-request.ts";
import { belowFolder, inRepository, isBelow } from "../model/repository-path.ts";
import { untilAllowed } from "./allowance.ts";
import type { ArchiveFact, CheckFacts, EnvironmentFacts } from "./facts.ts";
import type { Finding } from "./finding.ts";
import type { MovedEntry } from "./moved-entries.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface CommittedArchive {
  /** Path in the repository. */
  readonly path: string;
  /** Name of the file. */
  readonly name: string;
  /** Git's blob id; "" when it is not a regular file. */
  readonly oid: string;
}

/** The packed charts at the head that are new, or differ from those on the base. */
export function changedArchives(
  { files, archives }: Pick<CheckedPullRequest, "files" | "archives">,
  { name: environment, path }: Pick<Environment, "name" | "path">,
): readonly CommittedArchive[] {
  const charts = inRepository(path, "charts");
  return files.flatMap((file) => {
    const name = isBelow(file, charts) ? belowFolder(charts, file) : "";
    const oid = name.endsWith(".tgz") ? archives.get(environment)?.get(name) : undefined;
    return oid === undefined ? [] : [{ path: file, name, oid }];
  });
}

/** The file name that `helm package` gives it. */
export function archiveName({ dependency: { name }, to }: MovedEntry): string | undefined {
  return to === undefined ? undefined : `${name}-${to}.tgz`;
}

export function judgeArchives(
  { archives }: EnvironmentFacts,
  { allowedBy }: Pick<CheckFacts, "allowedBy">,
): readonly Finding[] {
  return archives.flatMap((archive) => judgeArchive(archive, allowedBy));
}

function judgeArchive({ path, verdict }: ArchiveFact, allowedBy: string | undefined): readonly Finding[] {
  const place = { file: path };
  switch (verdict.kind) {
    case "same":
      return [{ level: "fine", sentence: `${path} is what its chart repository serves.` }];
    case "differs": {
      const what = `${path} holds other bytes than the chart repository "${verdict.repository}" serves as ${verdict.chart}, and Helm installs what ${path} holds`;
      return [{ ...untilAllowed(what, allowedBy), place }];
    }
    case "unnamed": {
      const what = `No dependency has the name and version of ${path}, and Helm installs what stands there`;
      return [{ ...untilAllowed(what, allowedBy), place }];
    }
    case "unknown": {
      const because = verdict.because.endsWith(".") ? verdict.because.slice(0, -1) : verdict.because;
      const sentence = `Whether ${path} is what its chart repository serves is not known: ${because}.`;
      return verdict.isPassing
        ? [{ level: "wait", sentence, retryAfterMs: retryAfterMs() }]
        : [{ level: "warning", sentence, place }];
    }
  }
}
