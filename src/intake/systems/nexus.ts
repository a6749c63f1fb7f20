// Sonatype Nexus 3's repository webhooks. https://help.sonatype.com/en/working-with-webhooks.html

import * as z from "zod";

import { header } from "../call.ts";
import { isSignedWith } from "../caller/secret.ts";
import { ignored, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { parsePackageFile } from "./artifact/package-file.ts";
import type { System } from "./system.ts";

const event = z.object({
  action: z.string(),
  /** Key of the hosted repository, even if it is in groups. */
  repositoryName: optionalText,
  component: z.object({ format: z.string(), name: z.string(), version: optionalText }).nullish(),
  /** In this format the name is the path of the file. */
  asset: z.object({ format: z.string(), name: z.string() }).nullish(),
});

const ADDED = new Set(["CREATED", "UPDATED"]);

export const nexus: System = {
  name: "nexus",
  refusals: "status",
  isFrom(call, { secret }) {
    const signed = { algorithm: "sha1", bytes: call.body } as const;
    return isSignedWith(secret, header(call, "x-nexus-webhook-signature") ?? "", signed);
  },
  read(document) {
    const read = readAs(event, document, "Nexus");
    if (!read.ok) return read;
    const { action, repositoryName: key, component, asset } = read.value;
    if (!ADDED.has(action)) return ignored(`Nexus's event ${action} publishes no chart`);
    const format = (component ?? asset)?.format;
    if (format !== "helm") return ignored(`a part of format ${format ?? "unknown"} is not a chart`);
    const named = component
      ? { chart: component.name, version: component.version }
      : parsePackageFile(asset?.name ?? "");
    if (named === undefined) return ignored(`"${asset?.name}" is not the file of a chart`);
    return oneChart({ body: named, certainty: "chart", ...(key !== "" && { key }) });
  },
};
