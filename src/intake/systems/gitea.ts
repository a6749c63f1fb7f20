// Gitea's and Forgejo's webhooks, event "package": of Helm packages and of containers. https://docs.gitea.com/usage/webhooks

import * as z from "zod";
import { ignored, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { carriesSecret } from "./signature/header-secret.ts";
import { hasHubSignature, hasSignatureIn } from "./signature/hub-signature.ts";
import type { System } from "./system.ts";

const owner = z.object({ login: optionalText, username: optionalText });

const event = z.object({ action: z.string().optional(), package: z.unknown().optional() });

const pack = z.object({
  owner: owner.nullish(),
  type: z.string(),
  name: z.string(),
  /** For a container its tag, or the digest if it has none. */
  version: z.string(),
});

const SIGNATURES = ["x-gitea-signature", "x-forgejo-signature"];

export const gitea: System = {
  name: "gitea",
  refusals: "status",
  /** By the webhook's secret, or by its configurable Authorization header. */
  isFrom(call, publisher) {
    return (
      SIGNATURES.some((name) => hasSignatureIn(name, call, publisher)) ||
      hasHubSignature(call, publisher) ||
      carriesSecret(call, publisher)
    );
  },
  read(document) {
    const outer = readAs(event, document, "Gitea");
    if (!outer.ok) return outer;
    const { action = "unknown", package: what } = outer.value;
    if (what === undefined || action !== "created") return ignored("only a created package can be a chart");
    const read = readAs(pack, what, "Gitea");
    if (!read.ok) return read;
    const { type, name, version } = read.value;
    const key = read.value.owner?.login || read.value.owner?.username || "";
    if (type === "container")
      return artifactNotice({ path: key === "" ? name : `${key}/${name}`, tag: version });
    if (type !== "helm") return ignored(`a package of type ${type} is not a chart`);
    return oneChart({ body: { chart: name, version }, certainty: "chart", ...(key !== "" && { key }) });
  },
};
