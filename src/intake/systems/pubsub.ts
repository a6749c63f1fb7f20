// Google Artifact Registry through a push subscription of Pub/Sub to its topic `gcr`.
// https://cloud.google.com/artifact-registry/docs/configure-notifications and https://cloud.google.com/pubsub/docs/push

import * as z from "zod";

import { ok, type Result } from "../../domain/model/problem.ts";
import { parseJson } from "../body/json.ts";
import { parseImageAddress } from "./artifact/image-address.ts";
import { ignored, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { isCalledWithSecret } from "./signature/header-secret.ts";
import type { System } from "./system.ts";

/** Absent when the subscription unwraps the payload. */
const wrapped = z.object({ message: z.object({ data: optionalText }) });

const event = z.object({
  action: z.string(),
  /** `host/project/repository/name:tag`; absent for an untagged push. */
  tag: optionalText,
  digest: optionalText,
});

/** Events do not distinguish charts from images, and the digest is the manifest's. */
export const pubsub: System = {
  name: "pubsub",
  refusals: "body",
  isFrom: isCalledWithSecret,
  read(document) {
    const message = unwrap(document);
    if (!message.ok) return message;
    if (message.value === undefined) return ignored("the message has no data");
    const read = readAs(event, message.value, "Artifact Registry");
    if (!read.ok) return read;
    const { action, tag, digest } = read.value;
    if (action !== "INSERT") return ignored(`the action ${action} publishes no chart`);
    if (tag === "") return ignored(`${digest || "what was pushed"} has no tag`);
    return artifactNotice(parseImageAddress(tag));
  },
};

function unwrap(document: unknown): Result<unknown> {
  if (Object(document)["message"] === undefined) return ok(document);
  const read = readAs(wrapped, document, "Pub/Sub");
  if (!read.ok) return read;
  const { data } = read.value.message;
  return data === "" ? ok(undefined) : parseJson(Buffer.from(data, "base64"));
}
