// What checking a head needs of GitHub, of chart repositories and of the tools that read charts.

import type { CheckRun, CheckRunSeen, HeadAnswer, HeadAsked, OpenHead } from "../../model/head.ts";
import type { Problem, Result } from "../../model/problem.ts";
import type { ConfigRepository } from "../../model/repository.ts";
import type { ChartRepository, ImageRegistry } from "../../model/settings.ts";
import type { Files } from "../../model/umbrella.ts";
import type { SchemaVerdict, TextFile } from "../../review/facts.ts";

export interface CheckGitHub {
  /** One query. `undefined` when there is no such pull request. */
  readHead(repository: ConfigRepository, asked: HeadAsked): Promise<HeadAnswer | undefined>;
  /** The run's id; none when GitHub does not let the App write it. */
  writeCheckRun(repository: ConfigRepository, run: CheckRun): Promise<number | undefined>;
  openHeads(repository: ConfigRepository): Promise<readonly OpenHead[]>;
}

/** Tools that look into charts. */
export interface Inspection {
  /** The text of the chart's `.prov` file. */
  fetchProvenance(
    repository: ChartRepository,
    chart: { readonly chart: string; readonly version: string },
  ): Promise<Result<string>>;
  verifyProvenance(signed: {
    readonly prov: string;
    readonly keyring: Uint8Array;
    readonly packed: Uint8Array;
    readonly name: string;
    readonly version: string;
  }): Promise<Result<{ readonly userIds: readonly string[]; readonly keyId: string }>>;
  checkValues(values: {
    readonly schema: string;
    readonly defaults: string;
    readonly keys: readonly string[];
    readonly valuesFiles: readonly TextFile[];
  }): Promise<SchemaVerdict>;
  imageExists(registries: readonly ImageRegistry[], image: string): Promise<ImageAnswer>;
  /** Absent without a helm program. */
  readonly render?: (input: {
    readonly umbrellaFiles: Files;
    /** Packed dependencies by file name. */
    readonly archives: ReadonlyMap<string, Uint8Array>;
    readonly valuesFiles: readonly string[];
    readonly release: string;
  }) => Promise<Result<string>>;
}

type ImageAnswer =
  | { readonly kind: "exists" }
  | { readonly kind: "missing"; readonly asked: string }
  | { readonly kind: "unknown"; readonly problem: Problem }
  | { readonly kind: "unchecked"; readonly because: string };

/** What this process remembers of the checks that it wrote. */
export interface WrittenChecks {
  add(repositoryId: number, sha: string, check: WrittenCheck): void;
  /** The newest check on a commit: what was read, unless this process wrote one after it. */
  newest<Seen extends WrittenCheck>(
    repositoryId: number,
    sha: string,
    seen: Seen | undefined,
  ): Seen | WrittenCheck | undefined;
}

export type WrittenCheck = Pick<CheckRunSeen, "id" | "externalId">;
