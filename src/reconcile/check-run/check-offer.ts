// The check run of the onboarding pull request. There is no config to judge it by yet: its summary says what merging
// would do.

import { CONFIG_FILE } from "../../domain/model/config/config-file.ts";
import type { CheckedPullRequest, CheckRunDraft } from "../../domain/model/github/checked-pull-request.ts";
import type { ConfigRepository } from "../../domain/model/github/repository.ts";
import { nameWithOwner } from "../../domain/model/github/repository.ts";
import type { Problem } from "../../domain/model/problem.ts";
import type { Deps } from "../context.ts";
import { contextOf } from "../repository/index/update-index.ts";

/** Read through the same query as an environment's files. */
const ROOT = { name: "config", path: "", files: [CONFIG_FILE] };

type OfferCheck = Pick<CheckRunDraft, "conclusion" | "title" | "summary" | "annotations">;

/** One request; a second one only when the check run has to be written. */
export async function checkOffer(
  number: number,
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Deps },
): Promise<undefined> {
  const github = deps.github.in(repository);
  const head = await github.readHead({ number, environments: [ROOT] });
  if (head?.state !== "open" || !head.byApp) return undefined;
  const judged = await judgeOffer(head, { repository, deps });
  const externalId = `offer ${judged.conclusion} ${judged.annotations.length}`;
  const newest = deps.writtenChecks.newest(repository.id, head.headSha, head.check);
  if (newest?.externalId === externalId) return undefined;
  const id = await github.writeCheckRun({ headSha: head.headSha, externalId, ...judged });
  if (id !== undefined) deps.writtenChecks.add(repository.id, head.headSha, { id, externalId });
  const { conclusion, title } = judged;
  deps.log.info({ repository: nameWithOwner(repository), number, conclusion, title }, "checked");
  return undefined;
}

async function judgeOffer(
  head: CheckedPullRequest,
  { repository, deps }: { readonly repository: ConfigRepository; readonly deps: Deps },
): Promise<OfferCheck> {
  const text = head.texts.get(ROOT.name)?.head.get(CONFIG_FILE);
  if (text === undefined)
    return neutral("It adds no config file", `There is no ${CONFIG_FILE} on its branch.`);
  const parsed = await deps.decisions.decide(
    repository.owner,
    "parseConfig",
    text,
    contextOf(repository, deps),
  );
  if (!parsed.ok) return broken(parsed.problems);
  const others = head.files.filter((file) => file !== CONFIG_FILE);
  if (head.unlistedIn) return neutral(MORE, `It changes more files than GitHub lists. ${NOBODY_JUDGES}`);
  return others.length === 0
    ? {
        conclusion: "success",
        title: "Merging this deploys nothing",
        summary: `It adds ${CONFIG_FILE} and changes nothing else: no environment is changed by it. From its merge on, new versions are proposed by that file.`,
        annotations: [],
      }
    : neutral(
        MORE,
        `With ${CONFIG_FILE} it changes ${others.length === 1 ? "another file" : `${others.length} other files`}. ${NOBODY_JUDGES}`,
      );
}

const MORE = "It changes more than the config file";
const NOBODY_JUDGES =
  "Nobody judges other files before there is a config. Where one is in the folder of an environment that the file names, merging this deploys that environment.";

function neutral(title: string, summary: string): OfferCheck {
  return { conclusion: "neutral", title, summary, annotations: [] };
}

function broken(problems: readonly Problem[]): OfferCheck {
  return {
    conclusion: "failure",
    title: `${CONFIG_FILE} cannot be read`,
    summary: "Nothing is proposed by it until that is mended; its lines are marked.",
    annotations: problems.map(({ message, help, place }) => ({
      path: CONFIG_FILE,
      line: place?.line ?? 1,
      level: "failure",
      message: `${message} ${help}`,
    })),
  };
}
