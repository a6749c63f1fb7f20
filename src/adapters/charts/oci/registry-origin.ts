// Where a registry is spoken to, by the host that names of images and charts begin with.

import { isDockerHub } from "./image-name.ts";

/** As container runtimes do it: https, except on this very machine. */
export function registryOrigin(host: string): string {
  if (isDockerHub(host)) return "https://registry-1.docker.io";
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);
  return `${isLoopback ? "http" : "https"}://${host}`;
}
