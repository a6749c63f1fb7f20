// Parses an image reference as container runtimes do (https://github.com/distribution/reference).

export interface ImageName {
  /** Host, with a port if it has one; `docker.io` if the reference has no host. */
  readonly host: string;
  readonly repository: string;
  /** The digest if it has one, else its tag, else `latest`. */
  readonly reference: string;
}

const HOST = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:)|\[[0-9a-f:]+\])(?::\d+)?$/i;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const REFERENCE = /^(?:\w[\w.-]{0,127}|sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** `undefined` when it is not an image reference. */
export function parseImageName(image: string): ImageName | undefined {
  const [tagged, digest] = split(image, image.indexOf("@"));
  const [name, tag = "latest"] = split(tagged, tagged.indexOf(":", tagged.lastIndexOf("/") + 1));
  const [first = "", ...rest] = name.split("/");
  const hasHost = rest.length > 0 && HOST.test(first);
  const host = hasHost ? first : "docker.io";
  const path = hasHost ? rest.join("/") : name;
  const repository = isDockerHub(host) && !path.includes("/") ? `library/${path}` : path;
  const reference = digest ?? tag;
  if (!REPOSITORY.test(repository) || !REFERENCE.test(reference) || !REFERENCE.test(tag)) return undefined;
  return { host: isDockerHub(host) ? "docker.io" : host, repository, reference };
}

export function isDockerHub(host: string): boolean {
  return host === "docker.io" || host === "index.docker.io" || host === "registry-1.docker.io";
}

/** Before and after the separator at this position; all and nothing when it is -1. */
function split(text: string, at: number): readonly [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
