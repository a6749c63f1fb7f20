// The real kube-apiserver: that of KUBEBUILDER_ASSETS (controller-runtime's envtest), or one built once from Go's module
// proxy. `go install` refuses k8s.io/kubernetes, since its go.mod replaces the staging modules by folders of its own
// repository; a module that names their released versions instead builds the same program.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { install } from "../program.ts";
import { cachedProgram, downloadModule } from "../program-cache.ts";
import { assetOf } from "./kubebuilder-assets.ts";

const KUBE_APISERVER = "kube-apiserver";
/** v1.X.Y of k8s.io/kubernetes is v0.X.Y of its staging modules. */
const RELEASE = "33.4";

const MAIN = `package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() { os.Exit(cli.Run(app.NewAPIServerCommand())) }
`;

/** The path of a kube-apiserver. Building takes about ten minutes of one core. */
export async function findKubeApiserver(): Promise<string> {
  return (await assetOf(KUBE_APISERVER)) ?? cachedProgram(`${KUBE_APISERVER}-1.${RELEASE}`, build);
}

async function build(folder: string, target: string): Promise<void> {
  const sources = await downloadModule(`k8s.io/kubernetes@v1.${RELEASE}`);
  await writeFile(join(folder, "main.go"), MAIN);
  await writeFile(join(folder, "go.mod"), goMod(await readFile(join(sources, "go.mod"), "utf8")));
  const version = "k8s.io/component-base/version";
  const flags = `-s -w -X ${version}.gitVersion=v1.${RELEASE} -X ${version}.gitMajor=1 -X ${version}.gitMinor=33`;
  const go = ["nice", "-n", "10", "go"] as const;
  await install(KUBE_APISERVER, [...go, "-C", folder, "mod", "tidy"]);
  await install(
    KUBE_APISERVER,
    [...go, "-C", folder, "build", "-trimpath", "-ldflags", flags, "-o", target],
    {
      CGO_ENABLED: "0",
    },
  );
}

/** From Kubernetes' own go.mod: its version of Go, and each module that it replaces by a folder below ./staging. */
function goMod(upstream: string): string {
  const language = upstream.match(/^(go|godebug) .+$/gm) ?? [];
  const staging = [...upstream.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging\//gm)].map(([, module]) => module);
  return [
    "module kube-apiserver",
    ...language,
    `require k8s.io/kubernetes v1.${RELEASE}`,
    ...staging.map((module) => `replace ${module} => ${module} v0.${RELEASE}`),
    "",
  ].join("\n");
}
