// CDEvents `artifact.published`, alone or inside CloudEvents. https://github.com/cdevents/spec/blob/main/continuous-integration.md

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { authenticateBySecret } from "../caller/authenticate.ts";
import { ignored, oneChart, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { type Purl, parsePurl } from "./artifact/purl.ts";
import { dataOf, readEach } from "./cloud-event.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  context: z.object({ type: z.string() }),
  subject: z.object({ id: z.string() }),
  /** Application-defined: the body of `POST /publish`, for what the subject's id cannot express. */
  customData: z.unknown().optional(),
});

const custom = z.object({
  chart: z.string(),
  version: z.string(),
  repository: z.unknown().optional(),
  digest: z.string().optional(),
  values: z.unknown().optional(),
  source: z.unknown().optional(),
});

const PUBLISHED = /^dev\.cdevents\.artifact\.published\./;

export const cdevents: System = {
  name: "cdevents",
  refusals: "status",
  /** The specification does not define authentication: same as `POST /publish`. */
  isFrom(call, publisher) {
    return authenticateBySecret(call, [publisher]).ok;
  },
  read: (document) => readEach(document, readOne),
};

/** In the structured mode of CloudEvents the event is the `data`. */
function readOne(document: unknown): Result<Notice> {
  const data = dataOf(document);
  if (!data.ok) return data;
  const read = readAs(event, data.value ?? document, "a CDEvents producer");
  if (!read.ok) return read;
  const { context, subject, customData } = read.value;
  if (!PUBLISHED.test(context.type)) return ignored(`the event ${context.type} publishes no chart`);
  const parsed = custom.safeParse(customData);
  if (parsed.success) return oneChart({ body: parsed.data, certainty: "chart" });
  const purl = parsePurl(subject.id);
  return purl === undefined
    ? ignored(`"${subject.id}" is not a package URL, and customData names no chart`)
    : readPurl(purl);
}

/** `helm` is a package URL type that is proposed and in use; `oci` may be a chart or an image. */
function readPurl({ type, name, version, qualifiers }: Purl): Result<Notice> {
  const url = qualifiers.get("repository_url") ?? "";
  if (type === "helm") {
    const named = { chart: name, version };
    return oneChart({ body: named, certainty: "chart", ...(url !== "" && { url }) });
  }
  if (type !== "oci") return ignored(`a package of type ${type} is not a chart`);
  const below = url
    .replace(/^\w+:\/\//, "")
    .split("/")
    .slice(1);
  const path = below.at(-1) === name ? below : [...below, name];
  return artifactNotice({ path: path.join("/"), tag: qualifiers.get("tag") ?? "" });
}
