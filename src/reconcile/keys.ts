// The keys of the work queue: one for each thing that is reconciled. Their text is what `status` and `replay` show.

import type { EnvironmentKey } from "../domain/model/config/config.ts";
import type { ChartKey, Publish } from "../domain/model/publish.ts";
import type { MarkOwner, Queue, QueuedWork } from "./ports/store/queue.ts";

export type WorkKey =
  /** Look up the announced publishes of one chart in its chart repository. */
  | ({ readonly kind: "chart" } & ChartKey)
  /** One config repository: its promotions, merges and commands. `id`: GitHub's numeric id. */
  | { readonly kind: "repository"; readonly id: number }
  /** The deployments of one environment. */
  | ({ readonly kind: "deployment" } & EnvironmentKey)
  /** Drift of one environment's cluster, and its repeated deployments. */
  | ({ readonly kind: "drift" } & EnvironmentKey)
  | { readonly kind: "check-run"; readonly repositoryId: number; readonly target: CheckTarget }
  /** The repositories that one installation of the App covers. */
  | { readonly kind: "installation"; readonly id: number }
  /** Some of the repositories of one installation, in the order of their ids: does any need a resync? */
  | { readonly kind: "glance"; readonly installationId: number; readonly part: number }
  /** The dashboard issue of one config repository. */
  | { readonly kind: "dashboard"; readonly id: number }
  /** Unannounced versions in a chart repository. `repository`: its name in server.yaml. */
  | { readonly kind: "poll"; readonly repository: string }
  /** New history events, whose recipients have to be decided. */
  | { readonly kind: "events" }
  /** Pending notifications of one recipient of server.yaml. */
  | { readonly kind: "notices"; readonly recipient: string }
  /** Failed webhook deliveries. */
  | { readonly kind: "deliveries" }
  /** Old records. */
  | { readonly kind: "prune" }
  /** Every installation, at start and when an operator asks for it. */
  | { readonly kind: "resync" }
  /** Every installation, spread over the hour. */
  | { readonly kind: "sweep" };

/** What a check run is written for. */
export type CheckTarget =
  /** `always`: a re-run was requested, so a new run is written even when its content is the same. */
  | {
      readonly kind: "pull-request";
      readonly number: number;
      readonly write: "when-changed" | "always";
    }
  /** A merge queue's group. `ref`: its branch, which names the pull request. */
  | { readonly kind: "merge-group"; readonly headSha: string; readonly ref: string }
  /** Pull requests with this head: the webhook does not give the number of one from a fork. */
  | { readonly kind: "head"; readonly headSha: string }
  /** Open pull requests: those whose newest check is not successful, or all. */
  | { readonly kind: "open"; readonly which: "not-passed" | "all" };

/**
 * Higher is taken first. Deployments go before promotions and promotions before upkeep; events of outsiders come last.
 */
const PRIORITIES = { strangers: -1, upkeep: 0, promotion: 1, deployment: 2 } as const;

type Lane = keyof typeof PRIORITIES;

/** Durable when it resolves; a key that is queued already stays queued once. */
export function enqueue(
  queue: Pick<Queue, "enqueue">,
  key: WorkKey,
  lane: Lane = usualLane(key),
): Promise<void> {
  const { key: text, ...when } = workOf(key, lane);
  return queue.enqueue(text, when);
}

export function enqueueAll(
  queue: Pick<Queue, "enqueueAll">,
  keys: readonly WorkKey[],
  lane?: Lane,
): Promise<void> {
  return queue.enqueueAll(keys.map((key) => workOf(key, lane)));
}

export function workOf(key: WorkKey, lane: Lane = usualLane(key)): QueuedWork {
  const owner = ownerOf(key);
  return { key: formatKey(key), priority: PRIORITIES[lane], ...(owner && { owner }) };
}

/** Judges every open pull request again: the config changed, or checks that succeeded may fail now. */
export function enqueueAllCheckRuns(
  repositoryId: number,
  { store }: { readonly store: { readonly queue: Pick<Queue, "enqueue"> } },
): Promise<void> {
  return enqueue(store.queue, { kind: "check-run", repositoryId, target: { kind: "open", which: "all" } });
}

/** Enqueues a look-up of the announced publishes of a chart, with the publisher as owner. */
export function chartWork(
  { repository, chart, publisher }: ChartKey & Pick<Publish, "publisher">,
  lane?: Lane,
): QueuedWork {
  return {
    ...workOf({ kind: "chart", repository, chart }, lane),
    owner: { kind: "publisher", name: publisher },
  };
}

/** The server's own upkeep has no owner; the owner of a `chart` key is given to `lookFor`. */
function ownerOf(key: WorkKey): MarkOwner | undefined {
  switch (key.kind) {
    case "repository":
    case "installation":
      return { kind: key.kind, id: key.id };
    case "glance":
      return { kind: "installation", id: key.installationId };
    case "dashboard":
      return { kind: "repository", id: key.id };
    case "deployment":
    case "drift":
    case "check-run":
      return { kind: "repository", id: key.repositoryId };
    case "poll":
    case "notices":
      return { kind: "outside" };
    case "chart":
    case "events":
    case "deliveries":
    case "prune":
    case "resync":
    case "sweep":
      return undefined;
  }
}

function usualLane({ kind }: WorkKey): keyof typeof PRIORITIES {
  if (kind === "deployment") return "deployment";
  return kind === "chart" || kind === "drift" ? "promotion" : "upkeep";
}

export function formatKey(key: WorkKey): string {
  switch (key.kind) {
    case "chart":
      return `chart:${key.repository}/${key.chart}`;
    case "repository":
    case "installation":
    case "dashboard":
      return `${key.kind}:${key.id}`;
    case "glance":
      return `glance:${key.installationId}/${key.part}`;
    case "deployment":
      return `deploy:${key.repositoryId}/${key.environment}`;
    case "drift":
      return `drift:${key.repositoryId}/${key.environment}`;
    case "check-run":
      return `check:${key.repositoryId}/${formatTarget(key.target)}`;
    case "poll":
      return `poll:${key.repository}`;
    case "events":
      return "events:untold";
    case "notices":
      return `notices:${key.recipient}`;
    case "deliveries":
      return "deliveries:failed";
    case "prune":
      return "prune:all";
    case "resync":
      return "sync:all";
    case "sweep":
      return "sweep:all";
  }
}

function formatTarget(target: CheckTarget): string {
  switch (target.kind) {
    case "pull-request":
      return `${target.write === "always" ? "again" : "pull"}/${target.number}`;
    case "merge-group":
      return `group/${target.headSha}/${target.ref}`;
    case "head":
      return `head/${target.headSha}`;
    case "open":
      return target.which === "all" ? "all" : "open";
  }
}

/** `undefined` for a text that is no key in this version. */
export function parseKey(text: string): WorkKey | undefined {
  const [kind, rest] = cut(text, ":");
  switch (kind) {
    case "chart": {
      const [repository, chart] = cut(rest, "/");
      return { kind, repository, chart };
    }
    case "repository":
    case "installation":
    case "dashboard":
      return { kind, id: Number(rest) };
    case "glance": {
      const [id, part] = cut(rest, "/");
      return { kind, installationId: Number(id), part: Number(part) };
    }
    case "deploy":
    case "drift": {
      const [id, environment] = cut(rest, "/");
      return { kind: kind === "drift" ? kind : "deployment", repositoryId: Number(id), environment };
    }
    case "check": {
      const [id, what] = cut(rest, "/");
      const target = parseTarget(what);
      return target && { kind: "check-run", repositoryId: Number(id), target };
    }
    case "poll":
      return { kind, repository: rest };
    case "notices":
      return { kind, recipient: rest };
    case "events":
    case "deliveries":
    case "prune":
    case "sweep":
      return { kind };
    case "sync":
      return { kind: "resync" };
    default:
      return undefined;
  }
}

function parseTarget(text: string): CheckTarget | undefined {
  const [kind, rest] = cut(text, "/");
  switch (kind) {
    case "pull":
    case "again":
      return {
        kind: "pull-request",
        number: Number(rest),
        write: kind === "again" ? "always" : "when-changed",
      };
    case "group": {
      const [headSha, ref] = cut(rest, "/");
      return { kind: "merge-group", headSha, ref };
    }
    case "head":
      return { kind, headSha: rest };
    case "open":
    case "all":
      return { kind: "open", which: kind === "all" ? "all" : "not-passed" };
    default:
      return undefined;
  }
}

/** Splits at the first separator; the rest may contain more of them. */
function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
