// The real kubectl: that of KUBEBUILDER_ASSETS, or the one on PATH.

import { onPath } from "../program.ts";
import { assetOf } from "./kubebuilder-assets.ts";

export async function findKubectl(): Promise<string> {
  const found = (await assetOf("kubectl")) ?? (await onPath("kubectl"));
  if (found === undefined) throw new Error("There is no kubectl: set KUBEBUILDER_ASSETS, or install one.");
  return found;
}
