// Sonatype Nexus 3's repository webhooks. https://help.sonatype.com/en/working-with-webhooks.html

import { z } from "zod";

import { ok } from "../../model/problem.ts";
import { secretBytes } from "../../model/secret-bytes.ts";
import { header } from "../call.ts";
import { isSignedBy } from "../secret.ts";
import { ignored, readAs } from "./notice.ts";
import { parsePackageFile } from "./package-file.ts";
import type { System } from "./system.ts";

const event = z.object({
  action: z.string(),
  component: z.object({ format: z.string(), name: z.string(), version: z.string().default("") }).optional(),
  /** Here the name is the path of the file. */
  asset: z.object({ format: z.string(), name: z.string() }).optional(),
});

const ADDED = new Set(["CREATED", "UPDATED"]);

export const nexus: System = {
  name: "nexus",
  isFrom(call, { secret }) {
    const signed = { algorithm: "sha1", bytes: call.body } as const;
    return isSignedBy(secretBytes(secret), header(call, "x-nexus-webhook-signature") ?? "", signed);
  },
  read(document) {
    const read = readAs(event, document, "Nexus");
    if (!read.ok) return read;
    const { action, component, asset } = read.value;
    if (!ADDED.has(action)) return ignored(`Nexus's event ${action} publishes no chart`);
    const format = (component ?? asset)?.format;
    if (format !== "helm") return ignored(`a part of format ${format ?? "unknown"} is not a chart`);
    const said =
      component === undefined
        ? parsePackageFile(asset?.name ?? "")
        : { chart: component.name, version: component.version };
    if (said === undefined) return ignored(`"${asset?.name}" is not the file of a chart`);
    return ok({ kind: "charts", charts: [{ said, certainty: "chart" }] });
  },
};
