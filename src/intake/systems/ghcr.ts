// GitHub Packages: the events `package` and `registry_package` of a container in ghcr.io.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads#registry_package

import * as z from "zod";
import { parseImageAddress } from "./artifact/image-address.ts";
import { ignored, listOf, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { hasHubSignature } from "./signature/hub-signature.ts";
import type { System } from "./system.ts";

const part = z.object({ media_type: optionalText, digest: optionalText });

const packageVersion = z.object({
  /** `ghcr.io/org/charts/web:1.2.3`, sometimes with an empty tag. */
  package_url: optionalText,
  container_metadata: z
    .object({
      tag: z.object({ name: optionalText }).nullish(),
      manifest: z.object({ config: part.nullish(), layers: listOf(part).nullish() }).nullish(),
    })
    .nullish(),
});

const pack = z.object({
  package_type: optionalText,
  name: z.string(),
  namespace: optionalText,
  /** Null for events without a version, such as linking a package to a repository. */
  package_version: packageVersion.nullish(),
});

const event = z.object({
  action: z.string().optional(),
  package: z.unknown().optional(),
  registry_package: z.unknown().optional(),
});

const PUBLISHED = new Set(["published", "updated"]);

export const ghcr: System = {
  name: "ghcr",
  refusals: "status",
  isFrom: hasHubSignature,
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
    const { name, namespace, package_version: version } = read.value;
    if (!version) return ignored(`the event names no version of the package ${name}`);
    return artifactNotice(toArtifact(version, [namespace, name]));
  },
};

/** `names`: of the owner and the package, for a version without a URL. */
function toArtifact(version: z.infer<typeof packageVersion>, names: readonly string[]) {
  const { path, tag: urlTag } = parseImageAddress(version.package_url);
  const { tag, manifest } = version.container_metadata ?? {};
  return {
    path: path || names.filter((word) => word !== "").join("/"),
    tag: tag?.name || urlTag,
    configType: manifest?.config?.media_type || undefined,
    layers: manifest?.layers?.map(({ media_type, digest }) => ({
      mediaType: media_type,
      digest: digest || undefined,
    })),
  };
}
