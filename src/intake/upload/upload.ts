// Proxies uploads to ChartMuseum unchanged, and announces what ChartMuseum accepted.

import { createHash } from "node:crypto";
import type { ChartRepository } from "../../domain/model/config/settings.ts";
import { fail, ok, type Problem, type Result } from "../../domain/model/problem.ts";
import type { Announcement } from "../../domain/model/publish.ts";
import { type AcceptPorts, accept } from "../accept.ts";
import { isChartName, isChartVersion } from "../body/announcement.ts";
import { type Call, header } from "../call.ts";
import { parseBasic } from "../caller/basic.ts";
import { type PassedOn, passOn } from "./pass-on.ts";
import { uploadedChart } from "./uploaded-chart.ts";

export interface Upload {
  readonly call: Call;
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  readonly what: "charts" | "prov";
  /** As received, without the question mark. */
  readonly query: string;
}

export interface UploadPorts extends AcceptPorts {
  readonly repositories: readonly ChartRepository[];
  /** Candidate URLs of a ChartMuseum's `…/api/…/charts`, the most likely first. */
  readonly museumApi: (fetchFrom: string) => readonly [string, ...string[]];
  /** `flow`: the uploader; archives of one flow are opened one after the other. */
  readonly openArchive: (
    packed: Uint8Array,
    flow: string,
  ) => Promise<Result<{ readonly metadata: { readonly name: string; readonly version: string } }>>;
  /** Logs a chart that ChartMuseum accepted and that could not be announced. */
  readonly onUnannounced: (problem: Problem) => void;
  /** A version was overwritten with another archive: enqueues every pull request and check that relies on it. */
  readonly onReplaced: (chart: ReplacedChart) => Promise<void>;
}

export interface ReplacedChart {
  /** Name of the chart repository in server.yaml. */
  readonly repository: string;
  readonly chart: string;
  readonly version: string;
}

/**
 * Returns ChartMuseum's own answer once the publish is stored. If it cannot be stored, returns `unavailable` although
 * the chart is in ChartMuseum: a retry is then refused there (409), which proves that the chart exists, and announces
 * it. Without a retry the poll finds it.
 */
export async function upload(request: Upload, ports: UploadPorts): Promise<Result<PassedOn>> {
  const museum = findMuseum(request.repository, ports);
  if (!museum.ok) return museum;
  const addresses = ports
    .museumApi(museum.value.fetchFrom)
    .map(
      (charts) => charts.replace(/charts$/, request.what) + (request.query === "" ? "" : `?${request.query}`),
    );
  const passed = await passOn(request.call, addresses);
  if (!passed.ok || request.what === "prov") return passed;
  if (passed.value.status === 201) return announceSaved(request, passed.value, ports);
  if (passed.value.status === 409) await announceKnown(request, ports);
  return passed;
}

/** By its name in server.yaml. */
export function findMuseum(
  name: string,
  { repositories }: Pick<UploadPorts, "repositories">,
): Result<ChartRepository> {
  const museum = repositories.find((one) => one.name === name && one.kind === "chartmuseum");
  return museum === undefined ? fail(unknownRepository(name)) : ok(museum);
}

async function announceSaved(
  request: Upload,
  passed: PassedOn,
  ports: UploadPorts,
): Promise<Result<PassedOn>> {
  const packed = uploadedChart(request.call);
  if (packed === undefined) return ok(passed);
  const named = await nameOf(packed, request, ports);
  if (!named.ok) {
    named.problems.forEach(ports.onUnannounced);
    return ok(passed);
  }
  const digest = `sha256:${createHash("sha256").update(packed).digest("hex")}`;
  const receipt = await accept({ ...announcement(request, named.value), digest }, ports);
  if (receipt.ok) return ok(passed);
  const [first] = receipt.problems;
  if (first?.code === "unavailable") return fail(notStored(named.value));
  receipt.problems.forEach(ports.onUnannounced);
  if (first?.code !== "conflict") return ok(passed);
  await ports.onReplaced({ repository: request.repository, ...named.value });
  return ok({ ...passed, headers: { ...passed.headers, warning: warningOf(first) } });
}

/** A Warning header (RFC 7234 section 5.5), which helm and curl show; the code for a persistent condition. */
function warningOf({ message }: Problem): string {
  const text = message.replaceAll(/["\\]/g, "\\$&").replaceAll(/[^\x20-\x7e]/g, "?");
  return `299 - "${text}"`;
}

/** Without the digest: these bytes were refused, and the existing chart may have others. */
async function announceKnown(request: Upload, ports: UploadPorts): Promise<void> {
  const packed = uploadedChart(request.call);
  const named = packed === undefined ? undefined : await nameOf(packed, request, ports);
  if (named?.ok) await accept(announcement(request, named.value), ports);
}

interface Named {
  readonly chart: string;
  readonly version: string;
}

async function nameOf(
  packed: Uint8Array,
  request: Upload,
  { openArchive }: UploadPorts,
): Promise<Result<Named>> {
  const archive = await openArchive(packed, `${request.repository}/${uploader(request.call)}`);
  if (!archive.ok) return archive;
  const { name: chart, version } = archive.value.metadata;
  if (isChartName(chart) && isChartVersion(version)) return ok({ chart, version });
  return fail({
    code: "malformed",
    message: `An uploaded chart calls itself "${chart}" ${version}, which is not a chart name with a semantic version.`,
    help: "Give the chart a version of the form MAJOR.MINOR.PATCH; this one is not promoted.",
  });
}

function announcement({ call, repository }: Upload, { chart, version }: Named): Announcement {
  return { chart, version, repository, values: {}, source: {}, publisher: uploader(call) };
}

/** The user that ChartMuseum accepted; a publisher's own name cannot contain a colon. */
function uploader(call: Call): string {
  const name = parseBasic(header(call, "authorization"))
    ?.name.replaceAll(/[^\w.@-]/g, "_")
    .slice(0, 100);
  return name === undefined || name === "" ? "museum" : `museum:${name}`;
}

function unknownRepository(name: string): Problem {
  return {
    code: "not-found",
    message: `There is no ChartMuseum named "${name}" here.`,
    help: "Use /museum/NAME with the name of a chart repository of kind chartmuseum in server.yaml.",
  };
}

function notStored({ chart, version }: Named): Problem {
  return {
    code: "unavailable",
    message: `ChartMuseum took ${chart} ${version}, but the publish could not be stored.`,
    help: "Upload it again after the time in Retry-After: ChartMuseum may answer that it exists, and the publish is stored then.",
  };
}
