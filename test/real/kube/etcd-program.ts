// The real etcd: that of KUBEBUILDER_ASSETS, the one on PATH, or Debian's, which is installed when it is not there.

import { install, onPath } from "../program.ts";
import { assetOf } from "./kubebuilder-assets.ts";

export async function findEtcd(): Promise<string> {
  const found = (await assetOf("etcd")) ?? (await onPath("etcd"));
  if (found !== undefined) return found;
  await install("etcd", ["apt-get", "install", "-y", "--no-install-recommends", "etcd-server"]);
  return "etcd";
}
