// KUBEBUILDER_ASSETS: the folder with etcd, kube-apiserver and kubectl that controller-runtime's envtest looks in.

import { join } from "node:path";
import { isExecutable } from "../program-cache.ts";

/** The path of the program there; nothing when the variable is not set or the folder does not have it. */
export async function assetOf(program: string): Promise<string | undefined> {
  const folder = process.env["KUBEBUILDER_ASSETS"];
  if (folder === undefined) return undefined;
  const file = join(folder, program);
  return (await isExecutable(file)) ? file : undefined;
}
