// Harbor's webhooks, in its own format and as CloudEvents, and those of its former ChartMuseum (up to 2.7).
// https://goharbor.io/docs/latest/working-with-projects/project-configuration/configure-webhooks/

import { z } from "zod";

import { ok, type Result } from "../../model/problem.ts";
import { carriesSecret } from "./header-secret.ts";
import { ignored, readAs } from "./notice.ts";
import { artifactNotice, mergeNotices } from "./oci.ts";
import { parsePackageFile } from "./package-file.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  type: z.string(),
  event_data: z.unknown().optional(),
  /** Where the CloudEvents format has what is `event_data` otherwise. */
  data: z.unknown().optional(),
});

const eventData = z.object({
  resources: z.array(z.object({ tag: z.string().default(""), resource_url: z.string().default("") })).min(1),
  repository: z.object({ repo_full_name: z.string() }),
});

/** The payload does not tell charts from images. */
export const harbor: System = {
  name: "harbor",
  isFrom: carriesSecret,
  read(document) {
    const read = readAs(event, document, "Harbor");
    if (!read.ok) return read;
    const { type, event_data, data } = read.value;
    const reader = READERS[type];
    if (reader === undefined) return ignored(`Harbor's event ${type} publishes no chart`);
    const what = readAs(eventData, event_data ?? data, "Harbor");
    return what.ok ? reader(what.value) : what;
  },
};

const READERS: { readonly [type: string]: (data: z.infer<typeof eventData>) => Result<Notice> } = {
  PUSH_ARTIFACT: readArtifacts,
  "harbor.artifact.pushed": readArtifacts,
  UPLOAD_CHART: readCharts,
  uploadChart: readCharts,
};

function readArtifacts({ resources, repository }: z.infer<typeof eventData>): Result<Notice> {
  return mergeNotices(resources.map(({ tag }) => artifactNotice({ path: repository.repo_full_name, tag })));
}

function readCharts({ resources }: z.infer<typeof eventData>): Result<Notice> {
  return mergeNotices(
    resources.map(({ tag, resource_url }) => {
      const file =
        decodeURIComponent(URL.parse(resource_url)?.pathname ?? "")
          .split("/")
          .at(-1) ?? "";
      const said = file.endsWith(`-${tag}.tgz`)
        ? { chart: file.slice(0, -`-${tag}.tgz`.length), version: tag }
        : parsePackageFile(file);
      if (said === undefined) return ignored(`"${file}" is not the file of a chart`);
      return ok({ kind: "charts", charts: [{ said, certainty: "chart" }] });
    }),
  );
}
