// Debian's docker-registry, installed where it is not there yet.

import { install, onPath } from "../program.ts";

/** Its path. */
export async function dockerRegistry(): Promise<string> {
  const found = await onPath("docker-registry");
  if (found !== undefined) return found;
  await install("docker-registry", ["apt-get", "install", "-y", "docker-registry"], {
    DEBIAN_FRONTEND: "noninteractive",
  });
  return (await onPath("docker-registry")) ?? "docker-registry";
}
