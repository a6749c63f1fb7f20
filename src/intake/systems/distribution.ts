// Notifications of the CNCF distribution registry. https://distribution.github.io/distribution/about/notifications/

import * as z from "zod";

import type { Result } from "../../domain/model/problem.ts";
import { ignored, listOf, mergeNotices, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import type { Notice, System } from "./system.ts";

const reference = z.object({ mediaType: z.string().optional(), digest: z.string().optional() });

const event = z.object({
  action: z.string(),
  target: z.object({
    mediaType: optionalText,
    repository: optionalText,
    tag: optionalText,
    /** Present with `includereferences`: the config first, then the layers. */
    references: listOf(reference).nullish(),
  }),
});

const envelope = z.object({ events: listOf(z.unknown()).nullable() });

const MANIFEST = /^application\/vnd\.(?:oci\.image\.manifest|docker\.distribution\.manifest)\./;

export const distribution: System = {
  name: "distribution",
  refusals: "body",
  isFrom: carriesSecret,
  read(document) {
    const read = readAs(envelope, document, "the registry");
    const events = read.ok ? (read.value.events ?? []) : [];
    return read.ok ? mergeNotices(events.map((one) => readPush(one, "the registry"))) : read;
  },
};

/**
 * One event of the envelope, which registries built upon distribution send as well. `host`: of the registry, if it is
 * known.
 */
export function readPush(document: unknown, sender: string, host?: string): Result<Notice> {
  const read = readAs(event, document, sender);
  if (!read.ok) return read;
  const { action, target } = read.value;
  if (action !== "push") return ignored(`a ${action} publishes no chart`);
  if (!MANIFEST.test(target.mediaType)) return ignored("only manifests publish charts");
  const [config, ...layers] = target.references ?? [];
  const { repository: path, tag } = target;
  return artifactNotice({ path, tag, configType: config?.mediaType, layers, ...(host && { host }) });
}
