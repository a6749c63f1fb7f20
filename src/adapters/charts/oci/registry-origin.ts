// The origin of a registry, from the host in image and chart references.

import { isDockerHub } from "./image-name.ts";

/** As container runtimes do: https, except for localhost. */
export function registryOrigin(host: string): string {
  if (isDockerHub(host)) return "https://registry-1.docker.io";
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
  return `${isLoopback ? "http" : "https"}://${host}`;
}
