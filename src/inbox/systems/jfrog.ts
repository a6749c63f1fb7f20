// JFrog Artifactory's webhooks, of Helm and of OCI repositories. https://jfrog.com/help/r/jfrog-platform-administration-documentation/webhooks

import { z } from "zod";

import { ok, type Result } from "../../model/problem.ts";
import { secretBytes } from "../../model/secret-bytes.ts";
import { header } from "../call.ts";
import { parseJson } from "../json.ts";
import { isSameText, isSignedBy } from "../secret.ts";
import { ignored, readAs } from "./notice.ts";
import { artifactNotice } from "./oci.ts";
import { parsePackageFile } from "./package-file.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  domain: z.string(),
  event_type: z.string(),
  /** JSON once more, as text, in the form of the event log. */
  data: z.union([z.string(), z.record(z.string(), z.unknown())]),
});

/** The event log wraps it. */
const wrapped = z.union([z.object({ event }).transform((outer) => outer.event), event]);

const deployed = z.object({ path: z.string(), sha256: z.string().optional() });
const pushed = z.object({ image_name: z.string(), tag: z.string(), image_type: z.string().default("") });

export const jfrog: System = {
  name: "jfrog",
  /** The plain secret, or with `use_secret_for_signing` the HMAC of the body without any prefix. */
  isFrom(call, { secret }) {
    const given = header(call, "x-jfrog-event-auth") ?? "";
    const signed = { algorithm: "sha256", bytes: call.body } as const;
    return isSameText(given, secret) || isSignedBy(secretBytes(secret), given, signed);
  },
  read(document) {
    const read = readAs(wrapped, document, "Artifactory");
    if (!read.ok) return read;
    const { domain, event_type, data } = read.value;
    const inner = typeof data === "string" ? parseJson(Buffer.from(data)) : ok(data);
    if (!inner.ok) return inner;
    const kind = `${domain}/${event_type}`;
    if (kind === "artifact/deployed") return readDeployed(inner.value);
    if (kind === "docker/pushed") return readPushed(inner.value);
    return ignored(`Artifactory's event ${kind} publishes no chart`);
  },
};

/** Any archive can be called like a chart. */
function readDeployed(data: unknown): Result<Notice> {
  const read = readAs(deployed, data, "Artifactory");
  if (!read.ok) return read;
  const { path, sha256 } = read.value;
  const named = parsePackageFile(path);
  if (named === undefined) return ignored(`"${path}" is not the file of a chart`);
  const said = sha256 === undefined ? named : { ...named, digest: `sha256:${sha256}` };
  return ok({ kind: "charts", charts: [{ said, certainty: "perhaps" }] });
}

function readPushed(data: unknown): Result<Notice> {
  const read = readAs(pushed, data, "Artifactory");
  if (!read.ok) return read;
  const { image_name: path, tag, image_type } = read.value;
  return image_type === "docker" ? ignored(`${path}:${tag} is an image`) : artifactNotice({ path, tag });
}
