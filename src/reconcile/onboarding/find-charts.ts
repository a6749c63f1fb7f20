// The umbrella charts of a repository at one commit.

import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { inRepository } from "../../domain/model/repository-path.ts";
import { CHART_FILES } from "../../domain/model/umbrella.ts";
import { chartFolders, judgeChartFolder } from "../../domain/onboarding/chart-folders.ts";
import type { LeftOut } from "../../domain/onboarding/describe-offer.ts";
import type { Deps } from "../context.ts";

export interface FoundCharts {
  /** Folders of umbrella charts. */
  readonly folders: readonly string[];
  readonly leftOut: readonly LeftOut[];
  /** Whether there may be more charts. */
  readonly isPartial: boolean;
}

/** The most charts that are read, and how many charts' files are read in one request. */
const MOST_CHARTS = 200;
const READ_AT_ONCE = 50;
const MOST_UMBRELLAS = 30;

/** One request, plus one for each fifty charts. */
export async function findCharts(
  commit: string,
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Deps },
): Promise<FoundCharts> {
  const github = deps.github.in(repository);
  const { paths, isWhole } = await github.filePaths(commit);
  const charts = chartFolders(paths);
  const considered = charts.slice(0, MOST_CHARTS);
  const folders: string[] = [];
  const leftOut: LeftOut[] = [];
  for (let at = 0; at < considered.length; at += READ_AT_ONCE) {
    const some = considered.slice(at, at + READ_AT_ONCE);
    const manifests = some.flatMap((folder) => CHART_FILES.map((file) => inRepository(folder, file)));
    const texts = (await github.textsAt({ commits: [commit], paths: manifests })).get(commit) ?? new Map();
    for (const folder of some) {
      const files = new Map(
        CHART_FILES.flatMap((file): readonly (readonly [string, string])[] => {
          const text = texts.get(inRepository(folder, file));
          return text === undefined ? [] : [[file, text]];
        }),
      );
      const judged = judgeChartFolder(folder, files);
      if (judged.kind === "umbrella") folders.push(folder);
      if (judged.kind === "left-out") leftOut.push({ folder, because: judged.because });
    }
  }
  return {
    folders: folders.slice(0, MOST_UMBRELLAS),
    leftOut,
    isPartial: !isWhole || considered.length < charts.length || folders.length > MOST_UMBRELLAS,
  };
}
