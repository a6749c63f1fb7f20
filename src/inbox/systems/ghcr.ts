// GitHub Packages: the events `package` and `registry_package` of a container in ghcr.io.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#registry_package

import { z } from "zod";
import { secretBytes } from "../../model/secret-bytes.ts";
import { header } from "../call.ts";
import { isSignedBy } from "../secret.ts";
import { ignored, readAs } from "./notice.ts";
import { artifactNotice } from "./oci.ts";
import type { System } from "./system.ts";

const part = z.object({ media_type: z.string().optional(), digest: z.string().optional() });

const pack = z.object({
  package_type: z.string().default(""),
  name: z.string(),
  namespace: z.string().default(""),
  package_version: z.object({
    /** `ghcr.io/org/charts/web:1.2.3`, sometimes with nothing behind the colon. */
    package_url: z.string().nullish(),
    container_metadata: z
      .object({
        tag: z.object({ name: z.string().default("") }).nullish(),
        manifest: z.object({ config: part.nullish(), layers: z.array(part).nullish() }).nullish(),
      })
      .nullish(),
  }),
});

const event = z.object({
  action: z.string().optional(),
  package: z.unknown().optional(),
  registry_package: z.unknown().optional(),
});

const PUBLISHED = new Set(["published", "updated"]);

export const ghcr: System = {
  name: "ghcr",
  isFrom(call, { secret }) {
    const signature = /^sha256=(.*)$/.exec(header(call, "x-hub-signature-256") ?? "")?.[1] ?? "";
    return isSignedBy(secretBytes(secret), signature, { algorithm: "sha256", bytes: call.body });
  },
  read(document) {
    const outer = readAs(event, document, "GitHub");
    if (!outer.ok) return outer;
    const what = outer.value.registry_package ?? outer.value.package;
    if (what === undefined || !PUBLISHED.has(outer.value.action ?? "")) {
      return ignored("only a published or updated package can be a chart");
    }
    const read = readAs(pack, what, "GitHub");
    if (!read.ok) return read;
    if (!/^(?:container|docker)$/i.test(read.value.package_type)) {
      return ignored(`a package of type ${read.value.package_type} is not a chart`);
    }
    return artifactNotice(toArtifact(read.value));
  },
};

function toArtifact({ name, namespace, package_version: version }: z.infer<typeof pack>) {
  const [, path, urlTag] = /^[^/]+\/(.+?)(?::([^/]*))?$/.exec(version.package_url ?? "") ?? [];
  const { tag, manifest } = version.container_metadata ?? {};
  return {
    path: path ?? [namespace, name].filter((word) => word !== "").join("/"),
    tag: tag?.name || urlTag || "",
    configType: manifest?.config?.media_type,
    layers: manifest?.layers?.map(({ media_type, digest }) => ({ mediaType: media_type, digest })),
  };
}
