// The real Helm 3, built once from Go's module proxy: what deploys where Helm 4 has not arrived yet.

import { rename } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../program.ts";
import { cachedProgram } from "../program-cache.ts";

const VERSION = "3.19.0";

/** The path of a helm of version 3. Building takes minutes. */
export function findHelm3(): Promise<string> {
  return cachedProgram(`helm-${VERSION}`, build);
}

async function build(folder: string, target: string): Promise<void> {
  await install("helm-3", ["nice", "-n", "10", "go", "install", `helm.sh/helm/v3/cmd/helm@v${VERSION}`], {
    GOBIN: folder,
    CGO_ENABLED: "0",
  });
  await rename(join(folder, "helm"), target);
}
