// GitLab: notifications of its container registry (those of the CNCF distribution), and project webhooks that follow a
// chart's publication in a tag pipeline. GitLab has no webhook for its package registry.
// https://docs.gitlab.com/administration/packages/container_registry/ and
// https://docs.gitlab.com/user/project/integrations/webhook_events/

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { isChartVersion } from "../body/announcement.ts";
import { header } from "../call.ts";
import { verifySignature } from "../caller/authenticate.ts";
import { isSecret } from "../caller/secret.ts";
import { ignored, listOf, mergeNotices, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { parsePackageFile } from "./artifact/package-file.ts";
import { distribution } from "./distribution.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import type { Notice, System } from "./system.ts";

const SENDER = "GitLab";

const event = z.object({ object_kind: z.string() });
const project = z.object({ path_with_namespace: z.string() });

const release = z.object({
  action: z.string(),
  tag: z.string(),
  project,
  assets: z.object({ links: listOf(z.object({ url: optionalText })).nullish() }).nullish(),
});

const pipeline = z.object({
  object_attributes: z.object({ ref: optionalText, tag: z.boolean().nullish(), status: optionalText }),
  project,
});

export const gitlab: System = {
  name: "gitlab",
  refusals: "body",
  /** The secret token, the signing token (Standard Webhooks), or the registry's Authorization header. */
  isFrom(call, publisher) {
    const token = header(call, "x-gitlab-token");
    if (token !== undefined && isSecret(token, publisher.secret)) return true;
    if (header(call, "webhook-signature") !== undefined) return verifySignature(call, publisher).ok;
    return carriesSecret(call, publisher);
  },
  read(document) {
    if (Object(document)["events"] !== undefined) return distribution.read(document);
    const read = readAs(event, document, SENDER);
    if (!read.ok) return read;
    const reader = READERS.get(read.value.object_kind);
    return reader?.(document) ?? ignored(`GitLab's event ${read.value.object_kind} publishes no chart`);
  },
};

const READERS: ReadonlyMap<string, (document: unknown) => Result<Notice>> = new Map([
  ["release", readRelease],
  ["pipeline", readPipeline],
]);

/** Charts among the release's links; if there are none, the chart with the project's name. */
function readRelease(document: unknown): Result<Notice> {
  const read = readAs(release, document, SENDER);
  if (!read.ok) return read;
  const { action, tag, project: of, assets } = read.value;
  if (action !== "create") return ignored(`a release's ${action} publishes no chart`);
  const linked = (assets?.links ?? []).flatMap(({ url }) => {
    const named = parsePackageFile(URL.parse(url)?.pathname ?? "");
    return named === undefined ? [] : [oneChart({ body: named, certainty: "perhaps" })];
  });
  return linked.length > 0 ? mergeNotices(linked) : chartOf(of.path_with_namespace, tag);
}

function readPipeline(document: unknown): Result<Notice> {
  const read = readAs(pipeline, document, SENDER);
  if (!read.ok) return read;
  const { ref, tag, status } = read.value.object_attributes;
  return tag === true && status === "success"
    ? chartOf(read.value.project.path_with_namespace, ref)
    : ignored("only a pipeline of a tag that succeeded may have published a chart");
}

/** Tags conventionally begin with a `v`, charts' versions do not. */
function chartOf(path: string, tag: string): Result<Notice> {
  const version = tag.replace(/^v(?=\d)/, "");
  if (!isChartVersion(version)) return ignored(`the tag "${tag}" of ${path} is not a chart version`);
  return oneChart({ body: { chart: path.split("/").at(-1) ?? "", version }, certainty: "perhaps" });
}
