// Harbor's webhooks, in its own format and as CloudEvents, and those of its former ChartMuseum (up to 2.7).
// https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { ignored, listOf, mergeNotices, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { parsePackageFile } from "./artifact/package-file.ts";
import { dataOf, readEach } from "./cloud-event.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  type: z.string(),
  /** In the CloudEvents format this is `data`. */
  event_data: z.unknown().optional(),
});

const eventData = z.object({
  resources: listOf(z.object({ tag: optionalText, resource_url: optionalText })).nullish(),
  repository: z.object({ repo_full_name: z.string() }),
});

type EventData = z.infer<typeof eventData>;

/** The payload does not distinguish charts from images. */
export const harbor: System = {
  name: "harbor",
  refusals: "status",
  isFrom: carriesSecret,
  read: (document) => readEach(document, readOne),
};

function readOne(document: unknown): Result<Notice> {
  const read = readAs(event, document, "Harbor");
  if (!read.ok) return read;
  const { type, event_data } = read.value;
  const reader = READERS.get(type);
  if (reader === undefined) return ignored(`Harbor's event ${type} publishes no chart`);
  const data = dataOf(document);
  if (!data.ok) return data;
  const what = readAs(eventData, event_data ?? data.value, "Harbor");
  return what.ok ? reader(what.value) : what;
}

const READERS: ReadonlyMap<string, (data: EventData) => Result<Notice>> = new Map([
  ["PUSH_ARTIFACT", readArtifacts],
  ["harbor.artifact.pushed", readArtifacts],
  ["UPLOAD_CHART", readCharts],
  ["uploadChart", readCharts],
]);

function readArtifacts({ resources, repository }: EventData): Result<Notice> {
  const path = repository.repo_full_name;
  return mergeNotices((resources ?? []).map(({ tag }) => artifactNotice({ path, tag })));
}

/** Its ChartMuseum has a repository per project, at `/chartrepo/PROJECT`. */
function readCharts({ resources, repository }: EventData): Result<Notice> {
  const [key = ""] = repository.repo_full_name.split("/");
  return mergeNotices(
    (resources ?? []).map(({ tag, resource_url }) => {
      const file = fileOf(resource_url);
      const named = file.endsWith(`-${tag}.tgz`)
        ? { chart: file.slice(0, -`-${tag}.tgz`.length), version: tag }
        : parsePackageFile(file);
      return named === undefined
        ? ignored(`"${file}" is not the file of a chart`)
        : oneChart({ body: named, certainty: "chart", key });
    }),
  );
}

/** The last part of the URL's path, decoded if possible. */
function fileOf(address: string): string {
  const written = URL.parse(address)?.pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(written);
  } catch {
    return written;
  }
}
