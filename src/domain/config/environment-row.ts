// Guesses the order of environments from the names of their folders: dev, then staging, then prod.

/** From first to last; synonyms of one stage are together. */
const STAGES: readonly (readonly string[])[] = [
  ["dev", "develop", "development", "sandbox"],
  ["test", "testing", "qa", "int", "integration"],
  ["stage", "staging", "stg", "uat", "acc", "acceptance", "preprod", "preview"],
  ["prod", "production", "prd", "live"],
];

interface Staged {
  readonly path: string;
  readonly stage: number;
  /** The path without the stage's name: environments of one track belong together. */
  readonly track: string;
}

/**
 * The upstream folder of each folder that has one: the only one of the nearest stage in its own track, or, if there is
 * none, outside of any track.
 */
export function foldersBefore(folders: readonly string[]): ReadonlyMap<string, string> {
  const staged = folders.flatMap(stagedFolder);
  return new Map(
    staged.flatMap((one) => {
      const before = nearestBefore(one, staged);
      return before === undefined ? [] : [[one.path, before] as const];
    }),
  );
}

function nearestBefore({ stage, track }: Staged, all: readonly Staged[]): string | undefined {
  const earlier = all.filter((other) => other.stage < stage);
  const own = earlier.filter((other) => other.track === track);
  const candidates = own.length > 0 ? own : earlier.filter((other) => other.track === "");
  const nearest = Math.max(...candidates.map((other) => other.stage));
  const [only, second] = candidates.filter((other) => other.stage === nearest);
  return second === undefined ? only?.path : undefined;
}

/** Empty when the path contains no stage's name, or those of several stages. */
function stagedFolder(path: string): readonly Staged[] {
  const words = path
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  const found = words.filter((word) => stageOf(word) !== -1);
  const [stage, other] = [...new Set(found.map(stageOf))];
  if (stage === undefined || other !== undefined) return [];
  return [{ path, stage, track: words.filter((word) => !found.includes(word)).join("/") }];
}

function stageOf(word: string): number {
  return STAGES.findIndex((words) => words.includes(word));
}
