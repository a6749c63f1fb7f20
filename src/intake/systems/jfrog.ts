// JFrog Artifactory's webhooks, of Helm and of OCI repositories. https://docs.jfrog.com/administration/docs/event-types

import * as z from "zod";

import { ok, type Result } from "../../domain/model/problem.ts";
import { parseJson } from "../body/json.ts";
import { header } from "../call.ts";
import { isSecret, isSignedWith } from "../caller/secret.ts";
import { ignored, oneChart, optionalText, readAs } from "./artifact/notice.ts";
import { artifactNotice } from "./artifact/oci.ts";
import { parsePackageFile } from "./artifact/package-file.ts";
import type { Notice, System } from "./system.ts";

const event = z.object({
  domain: z.string(),
  event_type: z.string(),
  /** Again JSON as text, in the format of the event log. */
  data: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish(),
});

/** In the event log the event is wrapped. */
const wrapped = z.union([z.object({ event }).transform((outer) => outer.event), event]);

/** `target_repo_path`: the destination of a copy or move; the other fields are of its source. */
const artifact = z.object({
  repo_key: optionalText,
  path: z.string(),
  sha256: optionalText,
  target_repo_path: optionalText,
});

const image = z.object({
  repo_key: optionalText,
  image_name: z.string(),
  tag: z.string(),
  image_type: optionalText,
});

export const jfrog: System = {
  name: "jfrog",
  refusals: "status",
  /** The plain secret, or with `use_secret_for_signing` the HMAC of the body without a prefix. */
  isFrom(call, { secret }) {
    const given = header(call, "x-jfrog-event-auth") ?? "";
    const signed = { algorithm: "sha256", bytes: call.body } as const;
    return isSecret(given, secret) || isSignedWith(secret, given, signed);
  },
  read(document) {
    const read = readAs(wrapped, document, "Artifactory");
    if (!read.ok) return read;
    const { domain, event_type, data } = read.value;
    const kind = `${domain}/${event_type}`;
    const reader = READERS.get(kind);
    if (reader === undefined) return ignored(`Artifactory's event ${kind} publishes no chart`);
    const inner = typeof data === "string" ? parseJson(Buffer.from(data)) : ok(data);
    if (!inner.ok) return inner;
    return inner.value ? reader(inner.value) : ignored(`Artifactory sent ${kind} without data`);
  },
};

const READERS: ReadonlyMap<string, (data: unknown) => Result<Notice>> = new Map([
  ["artifact/deployed", readArtifact],
  ["artifact/copied", readArtifact],
  ["artifact/moved", readArtifact],
  ["docker/pushed", readImage],
  ["docker/promoted", readImage],
]);

/** Any archive may be named like a chart, and any image has a manifest. */
function readArtifact(data: unknown): Result<Notice> {
  const read = readAs(artifact, data, "Artifactory");
  if (!read.ok) return read;
  const { key, path } = standing(read.value);
  const parts = path.split("/");
  if (parts.at(-1) === "manifest.json" && parts.length > 2)
    return imageNotice({ key, name: parts.slice(0, -2).join("/"), tag: parts.at(-2) ?? "" });
  const named = parsePackageFile(path);
  if (named === undefined) return ignored(`"${path}" is not the file of a chart`);
  const { sha256 } = read.value;
  const identified = sha256 === "" ? named : { ...named, digest: `sha256:${sha256}` };
  return oneChart({ body: identified, certainty: "perhaps", ...(key !== "" && { key }) });
}

/** The present location. A target without a path keeps the path of the source. */
function standing({ repo_key, path, target_repo_path: target }: z.infer<typeof artifact>): {
  readonly key: string;
  readonly path: string;
} {
  const [key = "", ...below] = target.split("/");
  if (key === "") return { key: repo_key, path };
  return { key, path: below.length === 0 ? path : below.join("/") };
}

function readImage(data: unknown): Result<Notice> {
  const read = readAs(image, data, "Artifactory");
  if (!read.ok) return read;
  const { repo_key: key, image_name: name, tag, image_type } = read.value;
  return image_type === "docker" ? ignored(`${name}:${tag} is an image`) : imageNotice({ key, name, tag });
}

function imageNotice({
  key,
  name,
  tag,
}: {
  readonly key: string;
  readonly name: string;
  readonly tag: string;
}) {
  return key === ""
    ? artifactNotice({ path: name, tag })
    : artifactNotice({ key, path: `${key}/${name}`, tag });
}
