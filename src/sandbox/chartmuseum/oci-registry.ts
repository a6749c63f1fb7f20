// An offline registry (OCI distribution specification, read-only) with no, basic or token authentication. Anything else
// is a 501.

import { createHash, randomUUID } from "node:crypto";
import { readChart } from "./read-chart.ts";
import { type Incoming, json, type Reply, type StandIn, startStandIn } from "./stand-in.ts";

export interface OciRegistryOptions {
  readonly port?: number;
  /** Authentication; absent: none. `token`: the token service is this server, at `/token`. */
  readonly auth?: {
    readonly kind: "basic" | "token";
    readonly username: string;
    readonly password: string;
    /** The WWW-Authenticate header; `realm`: URL of the token service. */
    readonly challenge?: (realm: string) => string;
  };
  /** Tags on one page of `tags/list`; 100 when absent. */
  readonly pageSize?: number;
  /** Pushed by a Helm before 3.10, which wrote no annotations. */
  readonly pushedBy?: "old Helm";
  /** The Link header's URL for the next page, given `/v2/NAME/tags/list?n=…&last=…`; default: that. */
  readonly link?: (next: string) => string;
}

export interface OciRegistry extends StandIn {
  /** Stores a chart as `helm push` does, at `<folder>/<chart name>`; returns its manifest's digest. */
  readonly pushChart: (folder: string, packed: Uint8Array, provenance?: string) => Promise<string>;
  /** Adds another tag to a tag's manifest. */
  readonly retag: (repository: string, tag: string, as: string) => void;
  /** Deletes a tag. */
  readonly removeTag: (repository: string, tag: string) => void;
  /** Stores an image without layers; returns its manifest's digest. */
  readonly pushImage: (repository: string, tag: string) => string;
}

interface Repository {
  /** Manifest bytes by tag and by digest. */
  readonly manifests: Map<string, Buffer>;
  readonly blobs: Map<string, Buffer>;
}

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const IMAGE_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const HELM = "application/vnd.cncf.helm";

/** Starts one on 127.0.0.1. */
export async function startOciRegistry(options: OciRegistryOptions = {}): Promise<OciRegistry> {
  const state = new State(options);
  const server = await startStandIn((request) => {
    const reply = route(state, request);
    return request.method === "HEAD" ? { ...reply, body: "" } : reply;
  }, options.port);
  return {
    ...server,
    pushChart: (folder, packed, provenance) =>
      pushChart(state, folder, { packed: Buffer.from(packed), provenance }),
    pushImage: (repository, tag) => pushImage(state, repository, tag),
    retag: (repository, tag, as) => {
      const { manifests } = state.repository(repository);
      manifests.set(as, manifests.get(tag) ?? Buffer.alloc(0));
    },
    removeTag: (repository, tag) => void state.repository(repository).manifests.delete(tag),
  };
}

class State {
  readonly options: OciRegistryOptions;
  readonly repositories = new Map<string, Repository>();
  readonly tokens = new Set<string>();

  constructor(options: OciRegistryOptions) {
    this.options = options;
  }

  repository(name: string): Repository {
    const known = this.repositories.get(name) ?? { manifests: new Map(), blobs: new Map() };
    this.repositories.set(name, known);
    return known;
  }

  store(name: string, tag: string, manifest: object): string {
    const bytes = Buffer.from(JSON.stringify(manifest));
    const digest = digestOf(bytes);
    const { manifests } = this.repository(name);
    manifests.set(tag, bytes).set(digest, bytes);
    return digest;
  }
}

function pushImage(state: State, repository: string, tag: string): string {
  const labels = { image: `${repository}:${tag}` };
  const config = {
    architecture: "amd64",
    os: "linux",
    config: { Labels: labels },
    rootfs: { type: "layers", diff_ids: [] },
  };
  const bytes = Buffer.from(JSON.stringify(config));
  const digest = digestOf(bytes);
  state.repository(repository).blobs.set(digest, bytes);
  return state.store(repository, tag, {
    schemaVersion: 2,
    mediaType: IMAGE_MANIFEST,
    config: { mediaType: "application/vnd.docker.container.image.v1+json", digest, size: bytes.length },
    layers: [],
  });
}

interface ChartPush {
  readonly packed: Buffer;
  readonly provenance: string | undefined;
}

async function pushChart(state: State, folder: string, { packed, provenance }: ChartPush): Promise<string> {
  const { name, version, metadata } = await readChart(packed);
  const repository = [folder, name].filter((part) => part !== "").join("/");
  const { blobs } = state.repository(repository);
  const blob = (mediaType: string, bytes: Buffer) => {
    blobs.set(digestOf(bytes), bytes);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  };
  const config = blob(`${HELM}.config.v1+json`, Buffer.from(JSON.stringify(metadata)));
  const layers = [blob(`${HELM}.chart.content.v1.tar+gzip`, packed)];
  if (provenance !== undefined)
    layers.push(blob(`${HELM}.chart.provenance.v1.prov`, Buffer.from(provenance)));
  const annotations = {
    ...Object(metadata["annotations"]),
    "org.opencontainers.image.title": name,
    "org.opencontainers.image.version": version,
    "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
  };
  return state.store(repository, version.replaceAll("+", "_"), {
    schemaVersion: 2,
    config,
    layers,
    ...(state.options.pushedBy === undefined && { annotations }),
  });
}

function route(state: State, request: Incoming): Reply {
  const path = decodeURIComponent(request.url.pathname);
  if (request.method !== "GET" && request.method !== "HEAD") return notModelled(request);
  if (path === "/token") return token(state, request);
  const refused = challenge(state, request);
  if (refused !== undefined) return refused;
  if (path === "/v2/") return json(200, {});
  const [, name = "", what = "", reference = ""] =
    /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(path) ?? [];
  const repository = state.repositories.get(name);
  switch (what) {
    case "manifests":
      return manifest(repository?.manifests.get(reference));
    case "blobs":
      return blob(repository?.blobs.get(reference));
    case "tags":
      return tags(state, name, request);
    default:
      return notModelled(request);
  }
}

function manifest(bytes: Buffer | undefined): Reply {
  if (bytes === undefined) return refusal(404, "MANIFEST_UNKNOWN", "manifest unknown");
  const { mediaType = OCI_MANIFEST } = JSON.parse(bytes.toString());
  return {
    status: 200,
    headers: { "content-type": mediaType, "docker-content-digest": digestOf(bytes) },
    body: bytes,
  };
}

function blob(bytes: Buffer | undefined): Reply {
  if (bytes === undefined) return refusal(404, "BLOB_UNKNOWN", "blob unknown to registry");
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: bytes };
}

function tags({ repositories, options }: State, name: string, request: Incoming): Reply {
  const { pageSize = 100, link = (next: string) => `<${next}>; rel="next"` } = options;
  const repository = repositories.get(name);
  if (repository === undefined) return refusal(404, "NAME_UNKNOWN", "repository name not known to registry");
  const last = request.url.searchParams.get("last") ?? "";
  const all = [...repository.manifests.keys()].filter((tag) => !tag.startsWith("sha256:")).toSorted();
  const left = all.filter((tag) => tag > last);
  const page = left.slice(0, pageSize);
  const next = `/v2/${name}/tags/list?n=${pageSize}&last=${encodeURIComponent(page.at(-1) ?? "")}`;
  return json(200, { name, tags: page }, left.length > page.length ? { link: link(next) } : {});
}

/** The 401 response when authentication is missing; `undefined` when the request may pass. */
function challenge({ options: { auth }, tokens }: State, { headers, url }: Incoming): Reply | undefined {
  if (auth === undefined) return undefined;
  const given = headers.authorization ?? "";
  if (auth.kind === "basic" ? given === basicOf(auth) : tokens.has(given.replace(/^Bearer /, "")))
    return undefined;
  const realm = `http://${headers.host}/token`;
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url.pathname)?.[1] ?? "";
  const bearer = `Bearer realm="${realm}",service="offline",scope="repository:${name}:pull"`;
  const usual = auth.kind === "basic" ? 'Basic realm="offline"' : bearer;
  const header = { "www-authenticate": auth.challenge?.(realm) ?? usual };
  return json(401, { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }, header);
}

function token({ options: { auth }, tokens }: State, { headers, url }: Incoming): Reply {
  if (auth?.kind !== "token") return refusal(404, "UNSUPPORTED", "no token service");
  const { searchParams } = url;
  if (
    searchParams.get("service") !== "offline" ||
    !/^repository:.+:pull$/.test(searchParams.get("scope") ?? "")
  )
    return refusal(400, "UNSUPPORTED", "service and scope do not match");
  if (headers.authorization !== basicOf(auth))
    return refusal(401, "UNAUTHORIZED", "incorrect username or password");
  const minted = randomUUID();
  tokens.add(minted);
  return json(200, { token: minted, expires_in: 300 });
}

function basicOf({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function refusal(status: number, code: string, message: string): Reply {
  return json(status, { errors: [{ code, message }] });
}

function notModelled({ method, url }: Incoming): Reply {
  return refusal(501, "UNSUPPORTED", `the offline registry does not model ${method} ${url.pathname}`);
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
