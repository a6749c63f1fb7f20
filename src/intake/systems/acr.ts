// Azure Container Registry's webhooks: CNCF distribution events without the envelope, and those of its former chart
// repository. https://learn.microsoft.com/azure/container-registry/container-registry-webhook-reference

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { ignored, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { parsePackageFile } from "./artifact/package-file.ts";
import { readPush } from "./distribution.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import type { Notice, System } from "./system.ts";

const SENDER = "Azure Container Registry";

const event = z.object({
  action: z.string(),
  request: z.object({ host: optionalText }).nullish(),
});

const chart = z.object({
  target: z.object({ name: optionalText, version: optionalText, tag: optionalText }),
});

export const acr: System = {
  name: "acr",
  refusals: "body",
  isFrom: carriesSecret,
  read(document) {
    const read = readAs(event, document, SENDER);
    if (!read.ok) return read;
    const { action, request } = read.value;
    if (action === "chart_push") return readChart(document);
    return action === "push"
      ? readPush(document, SENDER, request?.host)
      : ignored(`a ${action} publishes no chart`);
  },
};

/** The tag is the file's name, and the version includes the file extension. */
function readChart(document: unknown): Result<Notice> {
  const read = readAs(chart, document, SENDER);
  if (!read.ok) return read;
  const { name, version, tag } = read.value.target;
  const named =
    name !== "" && version !== ""
      ? { chart: name, version: version.replace(/\.tgz$/, "") }
      : parsePackageFile(tag);
  return named === undefined
    ? ignored(`"${tag}" is not the file of a chart`)
    : oneChart({ body: named, certainty: "chart" });
}
