// The check run `chart-promoter`: which heads have to be judged, and judging one. Each has a mark of its own, so that a head
// that waits is looked at again without looking at anything else.

import { createHash } from "node:crypto";
import { type Judgement, judgeHead } from "../../check/judge-head.ts";
import type { Config } from "../../model/config.ts";
import type { Delivery, RepositoryEvent } from "../../model/event.ts";
import type { CheckRunSeen, HeadAnswer, HeadAsked } from "../../model/head.ts";
import type { ConfigRepository, Dependent } from "../../model/repository.ts";
import { filesToRead, keysOf } from "../look/asked.ts";
import { askAgain, shownOf } from "../look/behind.ts";
import type { Again, World } from "../world.ts";
import { gatherHeadFacts } from "./gather-check.ts";

/** Something did not answer: asked again after this time. */
const RETRY_MS = 60_000;

/** What GitHub calls the changes after which a head may have to be judged anew. */
const JUDGED = new Set(["opened", "reopened", "synchronize", "edited", "labeled", "unlabeled"]);
/** Of those that the App itself causes: its commands mark what they change, and its texts are not judged. */
const JUDGED_OWN = new Set(["opened", "reopened", "synchronize"]);

/** Marks every head that these deliveries may have changed the judgement of. Asks GitHub nothing. */
export async function markChecks(
  { id }: Pick<ConfigRepository, "id">,
  deliveries: readonly Delivery[],
  { store }: World,
): Promise<void> {
  const marks = new Set(deliveries.flatMap(({ event }) => marksFor(event)));
  const pushed = deliveries.some(({ event }) => event.kind === "branch-pushed");
  for (const record of pushed ? await store.promotions.ofRepository(id) : []) {
    if (record.state === "proposed" && record.pullRequest) marks.add(`pull/${record.pullRequest.number}`);
  }
  for (const mark of marks) await store.queue.mark(`check:${id}/${mark}`);
}

function marksFor(event: RepositoryEvent): readonly string[] {
  switch (event.kind) {
    case "pull-request-changed": {
      const judged = event.headBranch === "" ? JUDGED_OWN : JUDGED;
      return judged.has(event.action) ? [`pull/${event.number}`] : [];
    }
    case "check-requested":
      return event.numbers.length > 0
        ? event.numbers.map((number) => `again/${number}`)
        : [`head/${event.headSha}`];
    case "merge-group-requested":
      return [`group/${event.headSha}/${event.headRef}`];
    case "repository-changed":
      return ["open"];
    case "branch-pushed":
    case "commented":
    case "pull-request-merged":
    case "push-unexplained":
      return [];
  }
}

/** After the config changed, everything that is open is judged by the new one. */
export async function markAllChecks(id: number, { store }: World): Promise<void> {
  await store.queue.mark(`check:${id}/all`);
}

export async function markCheck(id: number, number: number, { store }: World): Promise<void> {
  await store.queue.mark(`check:${id}/pull/${number}`);
}

interface Place {
  readonly repository: ConfigRepository;
  readonly config: Config;
  readonly dependents: readonly Dependent[];
  readonly world: World;
}

/**
 * `mark`: `<repository id>/` and `pull/<number>`, `again/<number>` (written even when it says the same), `group/<sha>/<ref>`,
 * `head/<sha>` (of a fork, whose number GitHub did not tell), `open` (those without a good end), `all`.
 */
export async function check(mark: string, world: World): Promise<Again> {
  const [id = "", kind = "", what = "", ...more] = mark.split("/");
  const repository = await world.store.repositories.get(Number(id));
  const index = await world.store.repositories.index(Number(id));
  if (!repository || repository.archived || !index?.config) return undefined;
  const place = { repository, config: index.config, dependents: index.dependents, world };
  switch (kind) {
    case "pull":
      return checkHead({ number: Number(what) }, "when-changed", place);
    case "again":
      return checkHead({ number: Number(what) }, "always", place);
    case "group":
      return checkGroup({ headSha: what, ref: more.join("/") }, place);
    case "head":
      return markOpen(({ headSha }) => headSha === what, "again", place);
    case "open":
      return markOpen(({ check: seen }) => seen?.passed !== true, "pull", place);
    case "all":
      return markOpen(() => true, "pull", place);
    default:
      throw new Error(`nobody checks ${mark}`);
  }
}

/** The branch of a group names its last pull request and the commit it stands on. */
async function checkGroup(
  { headSha, ref }: { readonly headSha: string; readonly ref: string },
  place: Place,
): Promise<Again> {
  const match = /\/pr-(?<number>\d+)-(?<baseSha>[0-9a-f]{40})$/.exec(ref)?.groups;
  if (!match) return undefined;
  const { number, baseSha = "" } = match;
  return checkHead({ number: Number(number), group: { headSha, baseSha } }, "when-changed", place);
}

async function markOpen(
  wanted: (head: { readonly headSha: string; readonly check?: CheckRunSeen }) => boolean,
  kind: "pull" | "again",
  { repository, config, world }: Place,
): Promise<Again> {
  const branches = new Set(config.environments.map(({ branch }) => branch));
  const open = await world.github.openHeads(repository);
  for (const { number } of open.filter((head) => branches.has(head.baseBranch) && wanted(head)))
    await world.store.queue.mark(`check:${repository.id}/${kind}/${number}`);
  return undefined;
}

async function checkHead(
  asked: Pick<HeadAsked, "number" | "group">,
  write: "when-changed" | "always",
  place: Place,
): Promise<Again> {
  const { repository, config, world } = place;
  const environments = environmentsOf(place);
  const read = await world.github.readHead(repository, { ...asked, environments });
  const behind = asked.group ? undefined : await askAgain(repository.id, shownOf(asked.number, read), world);
  if (behind) return { again: behind };
  const head = read && asked.group ? withGroup(read, environments) : read;
  if (!head || (head.state !== "open" && !asked.group)) return undefined;
  const facts = await gatherHeadFacts(head, { repository, config, world });
  if (!facts) return undefined;
  const judgement = judgeHead(facts);
  await say(judgement, { head, write, place });
  return again(judgement, world);
}

/** A group holds other pull requests as well: whatever it changes counts. */
function withGroup(head: HeadAnswer, environments: HeadAsked["environments"]): HeadAnswer {
  const changed = environments.flatMap(({ name, path, files }) => {
    const texts = head.texts.get(name);
    const differing = files.filter((file) => texts?.base.get(file) !== texts?.head.get(file));
    return differing.map((file) => (path === "" ? file : `${path}/${file}`));
  });
  return { ...head, files: [...head.files, ...changed] };
}

export function environmentsOf({
  config,
  dependents,
}: Pick<Place, "config" | "dependents">): HeadAsked["environments"] {
  return config.environments.map((environment) => {
    const charts = new Set(dependents.map(({ chart }) => chart));
    const keys = keysOf(environment.name, charts, dependents);
    return { name: environment.name, path: environment.path, files: filesToRead(environment, keys) };
  });
}

/** A run that waits is brought to its end; one that has ended stays as it is, and a new one takes its place. */
async function say(
  judgement: Judgement,
  {
    head,
    write,
    place,
  }: { readonly head: HeadAnswer; readonly write: "when-changed" | "always"; readonly place: Place },
): Promise<void> {
  const { repository, world } = place;
  const externalId = fingerprint(judgement);
  const newest = world.writtenChecks.newest(repository.id, head.headSha, head.check);
  if (write === "when-changed" && newest?.externalId === externalId) return;
  const { conclusion, title, summary, annotations } = judgement;
  const id = await world.github.writeCheckRun(repository, {
    ...{ headSha: head.headSha, externalId, conclusion, title, summary, annotations },
    ...(head.check && !head.check.completed && { continues: head.check.id }),
  });
  const about = { repository: repository.id, number: head.number, head: head.headSha, conclusion };
  if (id !== undefined) {
    world.writtenChecks.add(repository.id, head.headSha, { id, externalId });
    world.log.info(about, "checked");
  } else world.log.warn(about, "GitHub does not let the App write the check");
}

/** What makes a judgement another one. The fine print behind the title is not part of it. */
function fingerprint({ conclusion, title, annotations }: Judgement): string {
  const said = JSON.stringify([conclusion, title, annotations]);
  return createHash("sha256").update(said).digest("hex").slice(0, 32);
}

function again({ until, retry }: Judgement, { clock }: World): Again {
  const soon = retry ? new Date(clock().getTime() + RETRY_MS) : undefined;
  if (soon && until) return { again: soon < until ? soon : until };
  const next = soon ?? until;
  return next && { again: next };
}
