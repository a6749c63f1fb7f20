// The heart of the flow: look at one config repository, plan, and make GitHub agree; as often as it takes.

import type { Config } from "../model/config.ts";
import type { LookAnswer } from "../model/look.ts";
import type { Dependent } from "../model/repository.ts";
import { markAllChecks, markChecks } from "./check/check-pull-requests.ts";
import { runCommands } from "./command/run-commands.ts";
import { deployTold, watchBranches } from "./deploy/watch-branches.ts";
import { type Agenda, agendaOf } from "./look/agenda.ts";
import { asked } from "./look/asked.ts";
import { askAgain, type Shown } from "./look/behind.ts";
import { indexRepository } from "./look/index-repository.ts";
import { everything, type Scope, scopeOf } from "./look/scope.ts";
import { promote, refusePending } from "./promote/promote.ts";
import type { Again, World } from "./world.ts";

/** How often one look may find that what it asked for was not what it needed, before it leaves the rest to a retry. */
const ROUNDS = 4;

export async function lookAtRepository(id: number, world: World): Promise<Again> {
  const agenda = await agendaOf(id, world);
  if (!agenda) return undefined;
  const told = await deployTold(agenda, agenda.index?.config, world);
  const settled = await settle(agenda, world);
  if (settled.kind === "behind") return { again: settled.again };
  const { heads } = settled;
  const watched = await watchBranches(agenda, { told, sweep: isSweep(agenda), heads }, world);
  await world.store.publishes.routed(
    agenda.pending.map((publish) => publish.id),
    id,
  );
  const commanded = await runCommands(id, agenda.deliveries, world);
  await markChecks(agenda.repository, agenda.deliveries, world);
  const waiting = new Set([...watched.waiting, ...commanded.waiting]);
  const handled = agenda.deliveries.filter(({ id: delivery }) => !waiting.has(delivery));
  await world.store.deliveries.done(handled.map((delivery) => delivery.id));
  return earliest([...watched.again, ...commanded.again, settled.again]);
}

/** Whether anything on the agenda could have changed what is proposed, or the config that says so. */
function isIdle({ repository, deliveries, pending }: Agenda, scope: Scope): boolean {
  const { defaultBranch } = repository;
  const configPushed = deliveries.some(
    ({ event }) => event.kind === "branch-pushed" && event.branch === defaultBranch,
  );
  return scope.size === 0 && pending.length === 0 && !configPushed;
}

function earliest(dates: readonly (Date | undefined)[]): Again {
  const known = dates.filter((date) => date !== undefined);
  return known.length === 0
    ? undefined
    : { again: new Date(Math.min(...known.map((date) => date.getTime()))) };
}

type Settled =
  /** `heads`: where the environments' branches stand, as far as it was read. */
  | {
      readonly kind: "settled";
      readonly heads: ReadonlyMap<string, string>;
      readonly again?: Date | undefined;
    }
  /** What GitHub shows is older than what it told: everything stays on the agenda. */
  | { readonly kind: "behind"; readonly again: Date };

const SETTLED: Settled = { kind: "settled", heads: new Map() };

async function settle(agenda: Agenda, world: World): Promise<Settled> {
  let { repository, index } = agenda;
  let all = isSweep(agenda);
  for (let round = 0; round < ROUNDS; round++) {
    const config = index?.config;
    const dependents = index?.dependents ?? [];
    const scope = config ? await scopeNow({ ...agenda, config, dependents, all }, world) : new Map();
    if (index && !all && isIdle(agenda, scope)) return SETTLED;
    const environments = config ? asked(config, scope, dependents) : [];
    const answer = await world.github.look(repository, environments);
    if (!answer) return unseen(agenda, world);
    const shown = shownIn(answer, config);
    const again = await askAgain(repository.id, shown, world);
    if (again) return { kind: "behind", again };
    const known = await indexRepository({ repository, index, answer }, world);
    repository = known.repository;
    if (known.kind === "changed") {
      all ||= known.configChanged;
      if (known.configChanged) await markAllChecks(repository.id, world);
      index = known.index;
      continue;
    }
    if (!config) return unconfigured({ ...agenda, index }, world);
    const outcome = await promote({ agenda, repository, config, scope, answer, dependents }, world);
    if (outcome.kind === "settled") return { ...outcome, heads: shown.heads };
    world.log.info({ repository: repository.id, because: outcome.because }, "looking again");
  }
  throw new Error(`${repository.owner}/${repository.name} did not settle after ${ROUNDS} looks`);
}

/** The App was taken away, or the repository: its publishes are told, and the installation is listed anew. */
async function unseen(agenda: Agenda, world: World): Promise<Settled> {
  const { owner, name, installationId } = agenda.repository;
  await refusePending(agenda, `the App cannot see ${owner}/${name}: install it there again`, { world });
  await world.store.queue.mark(`installation:${installationId}`);
  return SETTLED;
}

/** Publishes that waited are planned for when the file is right. */
async function unconfigured(agenda: Agenda, world: World): Promise<Settled> {
  const [first] = agenda.index?.problems ?? [];
  const because = first
    ? `${first.place?.file}, line ${first.place?.line}: ${first.message}`
    : "there is no config file";
  await refusePending(agenda, because, { world });
  return SETTLED;
}

function shownIn(answer: LookAnswer, config: Config | undefined): Shown {
  const heads = new Map<string, string>();
  if (answer.defaultBranch && answer.defaultHead) heads.set(answer.defaultBranch, answer.defaultHead);
  for (const { name, branch } of config?.environments ?? []) {
    const snapshot = answer.snapshots.get(name);
    if (snapshot) heads.set(branch, snapshot.base);
  }
  const branches = [...answer.snapshots.values()].flatMap((snapshot) => [...snapshot.branches.values()]);
  for (const { name, head } of branches) if (head) heads.set(name, head.oid);
  const pulls = branches.flatMap(({ pullRequests }) => pullRequests);
  return { heads, pulls: pulls.map((pull) => ({ ...pull, headSha: pull.headOid })) };
}

/** A look without any reason on record is one for its own sake: at start, on a schedule, on `sync`. */
function isSweep({ index, deliveries, pending }: Agenda): boolean {
  const nothing = deliveries.length === 0 && pending.length === 0;
  return !index || nothing || deliveries.some(({ event }) => event.kind === "repository-changed");
}

async function scopeNow(
  about: Agenda & {
    readonly config: Config;
    readonly dependents: readonly Dependent[];
    readonly all: boolean;
  },
  { store }: World,
): Promise<Scope> {
  if (about.all) return everything(about.config, about.dependents);
  const records = await store.promotions.ofRepository(about.repository.id);
  return scopeOf(about.config, { ...about, publishes: about.pending, records });
}
