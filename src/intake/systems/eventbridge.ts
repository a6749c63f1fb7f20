// Amazon ECR through an API destination of EventBridge. https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { header } from "../call.ts";
import { isSecret } from "../caller/secret.ts";
import { ignored, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { readEach } from "./cloud-event.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  "detail-type": z.string(),
  source: optionalText,
  account: optionalText,
  region: optionalText,
  detail: z.unknown(),
});

const action = z.object({
  result: optionalText,
  "repository-name": z.string(),
  "action-type": optionalText,
  /** Absent for an untagged push. */
  "image-tag": optionalText,
  "artifact-media-type": optionalText,
});

/** The name of each kind of event that, when successful, puts a tag into a registry. */
const ARRIVALS = new Map([
  ["ECR Image Action", "PUSH"],
  ["ECR Replication Action", "REPLICATE"],
]);

export const eventbridge: System = {
  name: "eventbridge",
  refusals: "status",
  /**
   * A connection authenticates by Basic, or by an API key in a header of one's choice: `Authorization` or `X-Api-Key`.
   */
  isFrom(call, publisher) {
    const key = header(call, "x-api-key");
    return carriesSecret(call, publisher) || (key !== undefined && isSecret(key, publisher.secret));
  },
  read: (document) => readEach(document, readOne),
};

function readOne(document: unknown): Result<Notice> {
  const read = readAs(event, document, "EventBridge");
  if (!read.ok) return read;
  const { "detail-type": type, source, account, region, detail } = read.value;
  const arrival = ARRIVALS.get(type);
  if (source !== "aws.ecr" || arrival === undefined)
    return ignored(`the event "${type}" of ${source || "nobody"} publishes no chart`);
  const found = readAs(action, detail, "Amazon ECR");
  if (!found.ok) return found;
  const { result, "action-type": did, "repository-name": path, "image-tag": tag } = found.value;
  if (did !== arrival || result !== "SUCCESS")
    return ignored(`${did || "an action"} with the result ${result || "unknown"} publishes no chart`);
  return artifactNotice({
    ...{ path, tag },
    ...(account !== "" && region !== "" && { host: hostOf(account, region) }),
    configType: found.value["artifact-media-type"] || undefined,
  });
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html */
function hostOf(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
