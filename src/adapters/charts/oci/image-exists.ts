// Whether an image of a manifest exists. Queries only the registries that the operator configured.

import type { ImageRegistry } from "../../../domain/model/config/settings.ts";
import type { Problem } from "../../../domain/model/problem.ts";
import type { HttpAnswer } from "../http/request.ts";
import { describeAnswer } from "../http/unreachable.ts";
import { type ImageName, isDockerHub, parseImageName } from "./image-name.ts";
import { Registry, registryAbsence } from "./registry.ts";
import { registryOrigin } from "./registry-origin.ts";

export type ImageAnswer =
  | { readonly kind: "exists" }
  /** `requested`: the request and its response, for messages. */
  | { readonly kind: "missing"; readonly requested: string }
  /** The registry gave no healthy response. */
  | { readonly kind: "unknown"; readonly problem: Problem }
  /** Its registry is not configured, or the text is not an image reference. */
  | { readonly kind: "unchecked"; readonly because: string };

const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Uses HEAD, which registries do not count as a pull; a 404 counts only with the registry's own error code. */
export async function imageExists(
  registries: readonly ImageRegistry[],
  image: string,
  withLogin = async (registry: ImageRegistry) => registry,
): Promise<ImageAnswer> {
  const name = parseImageName(image);
  if (name === undefined) return { kind: "unchecked", because: `"${image}" names no image` };
  const configured = registries.find(
    ({ host }) => host === name.host || (isDockerHub(host) && isDockerHub(name.host)),
  );
  if (configured === undefined)
    return { kind: "unchecked", because: `server.yaml names no image registry ${name.host}` };
  const registry = openRegistry(await withLogin(configured), name);
  const path = `manifests/${name.reference}`;
  const head = await registry.send({ method: "HEAD", path, accept: MANIFESTS });
  if (isThere(head)) return { kind: "exists" };
  const answer =
    head.kind === "answer" && head.status === 404 ? await registry.send({ path, accept: MANIFESTS }) : head;
  if (isThere(answer)) return { kind: "exists" };
  const absent = registryAbsence(answer);
  if (absent !== undefined)
    return { kind: "missing", requested: `${answer.requested} answered 404 ${absent}` };
  return { kind: "unknown", problem: unknown(image, answer) };
}

function openRegistry(
  { username, password, hosts }: ImageRegistry,
  { host, repository }: ImageName,
): Registry {
  const login = username === undefined ? undefined : { username, password: password ?? "" };
  const origin = registryOrigin(host);
  const reach = { home: new URL(origin).hostname, ...(hosts && { hosts }) };
  return new Registry({ origin, repository, login, reach });
}

function isThere(answer: HttpAnswer): boolean {
  return answer.kind === "answer" && answer.status === 200;
}

function unknown(image: string, answer: HttpAnswer): Problem {
  return {
    code: "image-registry-unreachable",
    message: `Whether the image ${image} exists is not known: ${answer.requested} ${describeAnswer(answer)}.`,
    help: "Check that the registry is up, and its username and password in server.yaml.",
  };
}
