// Notifications of the CNCF distribution registry. https://distribution.github.io/distribution/about/notifications/

import { z } from "zod";

import type { Result } from "../../model/problem.ts";
import { carriesSecret } from "./header-secret.ts";
import { ignored, readAs } from "./notice.ts";
import { artifactNotice, mergeNotices } from "./oci.ts";
import type { Notice, System } from "./system.ts";

const reference = z.object({ mediaType: z.string().optional(), digest: z.string().optional() });

const event = z.object({
  action: z.string(),
  target: z.object({
    mediaType: z.string().default(""),
    repository: z.string().default(""),
    tag: z.string().default(""),
    /** Present with `includereferences`: the config first, then the layers. */
    references: z.array(reference).optional(),
  }),
});

const envelope = z.object({ events: z.array(event) });

const MANIFEST = /^application\/vnd\.(?:oci\.image\.manifest|docker\.distribution\.manifest)\./;

export const distribution: System = {
  name: "distribution",
  isFrom: carriesSecret,
  read(document) {
    const read = readAs(envelope, document, "the registry");
    return read.ok ? mergeNotices(read.value.events.map(readEvent)) : read;
  },
};

function readEvent({ action, target }: z.infer<typeof event>): Result<Notice> {
  if (action !== "push") return ignored(`a ${action} publishes no chart`);
  if (!MANIFEST.test(target.mediaType)) return ignored("only manifests publish charts");
  const [config, ...layers] = target.references ?? [];
  return artifactNotice({ path: target.repository, tag: target.tag, configType: config?.mediaType, layers });
}
