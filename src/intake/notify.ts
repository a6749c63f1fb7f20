// Endpoints for other systems' webhooks: `POST /publish/SYSTEM/NAME`. An event is a hint that there may be a new chart;
// it is then looked up in the publisher's chart repository.

import { clip } from "../domain/model/clip.ts";
import type { ChartRepository, Publisher } from "../domain/model/config/settings.ts";
import { fail, ok, type Problem, type ProblemCode, type Result } from "../domain/model/problem.ts";
import { type AcceptPorts, accept, type Receipt } from "./accept.ts";
import { isChartName, isChartVersion, parseAnnouncement } from "./body/announcement.ts";
import { parseJson } from "./body/json.ts";
import type { Call } from "./call.ts";
import type { PublisherPorts } from "./caller/authenticate.ts";
import { authenticateToken, tokenOf } from "./caller/token.ts";
import { locate } from "./location.ts";
import { acr } from "./systems/acr.ts";
import { cdevents } from "./systems/cdevents.ts";
import { distribution } from "./systems/distribution.ts";
import { dockerhub } from "./systems/dockerhub.ts";
import { eventbridge } from "./systems/eventbridge.ts";
import { ghcr } from "./systems/ghcr.ts";
import { gitea } from "./systems/gitea.ts";
import { gitlab } from "./systems/gitlab.ts";
import { harbor } from "./systems/harbor.ts";
import { jfrog } from "./systems/jfrog.ts";
import { nexus } from "./systems/nexus.ts";
import { pubsub } from "./systems/pubsub.ts";
import { quay } from "./systems/quay.ts";
import type { Candidate, System } from "./systems/system.ts";

export const SYSTEMS: readonly System[] = [
  ...[harbor, distribution, jfrog, nexus, ghcr, cdevents],
  ...[acr, quay, dockerhub, gitea, gitlab, eventbridge, pubsub],
];

export interface Notification {
  readonly call: Call;
  readonly system: System;
  /** The publisher's name in the URL. */
  readonly publisher: string;
}

export type Notified =
  | { readonly kind: "ignored"; readonly because: string }
  | {
      readonly kind: "taken";
      readonly receipts: readonly [Receipt, ...Receipt[]];
      /** Problems of other charts in the same event. */
      readonly refused: readonly Problem[];
    }
  /** Nothing was accepted, and the system should not retry. */
  | { readonly kind: "refused"; readonly refused: readonly Problem[] };

export interface NotifyPorts extends AcceptPorts, PublisherPorts {
  readonly repositories: readonly ChartRepository[];
}

/** A failure becomes the HTTP status of the response. */
export async function notify(notification: Notification, ports: NotifyPorts): Promise<Result<Notified>> {
  return statusFor(await receive(notification, ports), notification.system);
}

/**
 * For a system that retries without end, only failures that may pass get an error status: wrong credentials, an
 * exhausted quota, an unavailable database.
 */
export function statusFor(outcome: Result<Notified>, { refusals }: System): Result<Notified> {
  if (outcome.ok || refusals === "status") return outcome;
  const { problems } = outcome;
  const isWorthRepeating = problems.some(({ code }) => WORTH_REPEATING.has(code));
  return isWorthRepeating ? outcome : ok({ kind: "refused", refused: problems });
}

const WORTH_REPEATING: ReadonlySet<ProblemCode> = new Set(["unauthorized", "unavailable", "too-many"]);

async function receive({ call, ...rest }: Notification, ports: NotifyPorts): Promise<Result<Notified>> {
  const publisher = await senderOf({ call, ...rest }, ports);
  if (!publisher.ok) return publisher;
  const document = parseJson(call.body);
  if (!document.ok) return document;
  const notice = rest.system.read(document.value);
  if (!notice.ok) return notice;
  if (notice.value.kind === "ignored") return ok(notice.value);
  if (notice.value.charts.length > MOST_CHARTS) return fail(tooMany(notice.value.charts.length));
  const outcomes: Outcome[] = [];
  for (const chart of notice.value.charts) outcomes.push(await take(chart, publisher.value, ports));
  const { malformed = [] } = notice.value;
  return conclude(
    malformed.length === 0 ? outcomes : [...outcomes, { kind: "refused", problems: malformed }],
  );
}

/** Maximum length, in characters, of the reasons for ignored charts. */
const LONGEST_REASON = 500;

/** Each is stored separately; no system sends more in one event. */
const MOST_CHARTS = 500;

function tooMany(count: number): Problem {
  return {
    code: "malformed",
    message: `The event names ${count} charts, and at most ${MOST_CHARTS} are taken at once.`,
    help: "Have the events sent in smaller batches; a poll of the chart repository finds what was not announced.",
  };
}

/** The publisher in the URL, if the call has that publisher's secret or a token for it. */
export async function senderOf(
  { call, system, publisher: name }: Notification,
  { publishers, checkToken }: PublisherPorts,
): Promise<Result<Publisher>> {
  const publisher = publishers.find((one) => one.name === name);
  if (publisher !== undefined && system.isFrom(call, publisher)) return ok(publisher);
  const token = publisher?.oidc && tokenOf(call);
  if (publisher === undefined || token === undefined) return fail(notFrom({ system, publisher: name }));
  return authenticateToken({ token: token.token }, [publisher], checkToken);
}

type Outcome =
  | { readonly kind: "taken"; readonly receipt: Receipt }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  | { readonly kind: "ignored"; readonly because: string };

async function take(candidate: Candidate, publisher: Publisher, ports: NotifyPorts): Promise<Outcome> {
  const { body: written, certainty } = candidate;
  const { chart, version } = written;
  if (certainty === "perhaps" && !(isChartName(chart) && isChartVersion(version))) {
    return { kind: "ignored", because: `"${chart}" ${version} cannot be a chart` };
  }
  const repository = ports.repositories.find(({ name }) => name === publisher.repository);
  const location = locate(candidate, chart, repository);
  if (location === "elsewhere") return { kind: "ignored", because: elsewhere(candidate, publisher) };
  const isSure = certainty === "chart" && location === "here";
  // A digest that may be another file's must not be compared with the chart's.
  const announcement = parseAnnouncement(isSure ? written : { ...written, digest: undefined }, publisher);
  if (!announcement.ok) {
    const [first] = announcement.problems;
    return certainty === "perhaps" && first?.code === "forbidden"
      ? { kind: "ignored", because: `${chart} is not among the charts of ${publisher.name}` }
      : { kind: "refused", problems: announcement.problems };
  }
  const receipt = await accept(announcement.value, ports);
  return receipt.ok
    ? { kind: "taken", receipt: receipt.value }
    : { kind: "refused", problems: receipt.problems };
}

function elsewhere({ path, key, url, body }: Candidate, { repository }: Publisher): string {
  const place = path ?? (key === undefined ? (url ?? body.chart) : `${body.chart} in ${key}`);
  return `${place} is not in the chart repository ${repository}`;
}

/** If one could not be stored, the sender should retry all of them, which is idempotent. */
function conclude(outcomes: readonly Outcome[]): Result<Notified> {
  const refused = outcomes.flatMap((one) => (one.kind === "refused" ? one.problems : []));
  const later = refused.find(({ code }) => code === "unavailable" || code === "too-many");
  if (later !== undefined) return fail(later);
  const [receipt, ...receipts] = outcomes.flatMap((one) => (one.kind === "taken" ? [one.receipt] : []));
  if (receipt !== undefined) return ok({ kind: "taken", receipts: [receipt, ...receipts], refused });
  const [first, ...rest] = refused;
  if (first !== undefined) return fail(first, ...rest);
  const reasons = outcomes.flatMap((one) => (one.kind === "ignored" ? [one.because] : []));
  return ok({ kind: "ignored", because: clip(reasons.join("; "), LONGEST_REASON) });
}

function notFrom({ system, publisher }: Omit<Notification, "call">): Problem {
  return {
    code: "unauthorized",
    message: `The call does not carry what ${system.name} sends with the secret of a publisher "${publisher}".`,
    help: `Set the publisher's secret in ${system.name}'s webhook, and its name from server.yaml in the address.`,
  };
}
