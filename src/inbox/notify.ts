// The doors for other systems' webhooks: `POST /publish/SYSTEM/NAME`. An event is a hint that a chart may have come;
// whether it stands in the publisher's chart repository is looked up there afterwards.

import { fail, ok, type Problem, type Result } from "../model/problem.ts";
import type { ChartRepository, Publisher } from "../model/settings.ts";
import { type AcceptPorts, accept, type Receipt } from "./accept.ts";
import { isChartName, isChartVersion, parseAnnouncement } from "./announcement.ts";
import type { Call } from "./call.ts";
import { parseJson } from "./json.ts";
import { cdevents } from "./systems/cdevents.ts";
import { distribution } from "./systems/distribution.ts";
import { ghcr } from "./systems/ghcr.ts";
import { harbor } from "./systems/harbor.ts";
import { jfrog } from "./systems/jfrog.ts";
import { nexus } from "./systems/nexus.ts";
import type { Candidate, System } from "./systems/system.ts";

export const SYSTEMS: readonly System[] = [harbor, distribution, jfrog, nexus, ghcr, cdevents];

export interface Notification {
  readonly call: Call;
  readonly system: System;
  /** The publisher's name in the address. */
  readonly publisher: string;
}

export type Notified =
  | { readonly kind: "ignored"; readonly because: string }
  | {
      readonly kind: "taken";
      readonly receipts: readonly [Receipt, ...Receipt[]];
      /** For other charts of the same event. */
      readonly refused: readonly Problem[];
    };

export interface NotifyPorts extends AcceptPorts {
  readonly publishers: readonly Publisher[];
  readonly repositories: readonly ChartRepository[];
}

export async function notify(
  { call, ...asked }: Notification,
  ports: NotifyPorts,
): Promise<Result<Notified>> {
  const publisher = ports.publishers.find(({ name }) => name === asked.publisher);
  if (publisher === undefined || !asked.system.isFrom(call, publisher)) return fail(notFrom(asked));
  const document = parseJson(call.body);
  if (!document.ok) return document;
  const notice = asked.system.read(document.value);
  if (!notice.ok) return notice;
  if (notice.value.kind === "ignored") return ok(notice.value);
  const outcomes: Outcome[] = [];
  for (const chart of notice.value.charts) outcomes.push(await take(chart, publisher, ports));
  return conclude(outcomes);
}

type Outcome =
  | { readonly kind: "taken"; readonly receipt: Receipt }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  | { readonly kind: "ignored"; readonly because: string };

async function take(candidate: Candidate, publisher: Publisher, ports: NotifyPorts): Promise<Outcome> {
  const { said, certainty } = candidate;
  const { chart, version } = said;
  if (certainty === "perhaps" && !(isChartName(chart) && isChartVersion(version))) {
    return { kind: "ignored", because: `"${chart}" ${version} cannot be a chart` };
  }
  const repository = ports.repositories.find(({ name }) => name === publisher.repository);
  if (!standsIn(candidate, repository)) {
    return {
      kind: "ignored",
      because: `${candidate.path} is not in the chart repository ${publisher.repository}`,
    };
  }
  const announcement = parseAnnouncement(said, publisher);
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

/** In an OCI registry other folders hold other charts and images of the same name. */
function standsIn({ path, said }: Candidate, repository: ChartRepository | undefined): boolean {
  if (path === undefined || repository?.kind !== "oci") return true;
  const folders = [repository.url, repository.fetchFrom, ...repository.also].map((url) =>
    (URL.parse(url)?.pathname ?? "").replaceAll(/^\/+|\/+$/g, ""),
  );
  return folders.some((folder) => path === (folder === "" ? said.chart : `${folder}/${said.chart}`));
}

/** One that could not be stored makes the sender send all of them again, which is harmless for the others. */
function conclude(outcomes: readonly Outcome[]): Result<Notified> {
  const refused = outcomes.flatMap((one) => (one.kind === "refused" ? one.problems : []));
  const unavailable = refused.find(({ code }) => code === "unavailable");
  if (unavailable !== undefined) return fail(unavailable);
  const [receipt, ...receipts] = outcomes.flatMap((one) => (one.kind === "taken" ? [one.receipt] : []));
  if (receipt !== undefined) return ok({ kind: "taken", receipts: [receipt, ...receipts], refused });
  const [first, ...rest] = refused;
  if (first !== undefined) return fail(first, ...rest);
  const reasons = outcomes.flatMap((one) => (one.kind === "ignored" ? [one.because] : []));
  return ok({ kind: "ignored", because: reasons.join("; ") });
}

function notFrom({ system, publisher }: Omit<Notification, "call">): Problem {
  return {
    code: "unauthorized",
    message: `The call does not carry what ${system.name} sends with the secret of a publisher "${publisher}".`,
    help: `Set the publisher's secret in ${system.name}'s webhook, and its name from server.yaml in the address.`,
  };
}
