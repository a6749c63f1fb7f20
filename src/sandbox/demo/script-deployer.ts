// A deployer with a real cluster, that of KUBECONFIG: runs the fixture's pipelines as Jenkins would, in a namespace of
// the demo's own. Needs git, bash, curl, jq and kubectl.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { writeBareRepository } from "../github/git/write-out.ts";
import type { Repository } from "../github/world/repositories/repository.ts";
import { shellStep } from "../jenkins/shell-step.ts";
import { DEPLOYER, type DemoDeployer } from "./deployer.ts";

const run = promisify(execFile);

export interface ScriptDeployerOptions {
  /** A work folder for the served Git repository and for Jenkins' clone of it. */
  readonly work: string;
  readonly repository: () => Repository;
  readonly repositoryName: string;
  /** URL of chart-promoter, once it runs. */
  readonly promoter: () => string;
  /** With helm on PATH. */
  readonly environment: Readonly<Record<string, string>>;
  readonly kubeconfig: string;
}

export async function scriptDeployer(options: ScriptDeployerOptions): Promise<DemoDeployer> {
  const { work, environment, kubeconfig, repositoryName: CONFIG_REPOSITORY } = options;
  const NAMESPACE = `chart-promoter-demo-${process.pid}`;
  const [origin, workspace] = [join(work, "origin.git"), join(work, "workspace")];
  const surroundings = () => ({
    ...environment,
    ...{ CONFIG_REPOSITORY, NAMESPACE, KUBECONFIG: kubeconfig, PROMOTER_URL: options.promoter() },
    ...{ DEPLOYER: DEPLOYER.name, REPORT_SECRET: DEPLOYER.secret },
    // The demo's image does not exist, so nothing becomes ready.
    READY_WITHIN: "off",
  });
  const serveToGit = () => {
    const { objects, refs } = options.repository();
    writeBareRepository(objects, refs, { folder: origin, defaultBranch: "main" });
  };
  const tool = async (program: string, given: readonly string[], cwd = work): Promise<string> => {
    const env = { ...process.env, ...surroundings() };
    const { stdout } = await run(program, [...given], { cwd, env });
    return stdout.trim();
  };
  const kubectl = (...given: readonly string[]) => tool("kubectl", [...given, "--namespace", NAMESPACE]);

  serveToGit();
  await tool("git", ["clone", "--quiet", origin, workspace]);
  return {
    deploy: (build, signal) => {
      serveToGit();
      return shellStep({ command: "ci/deploy.sh", cwd: workspace, environment: surroundings() })(
        build,
        signal,
      );
    },
    scale: async (deployment, replicas) => {
      const before = await kubectl("get", "deployment", deployment, "--output=jsonpath={.spec.replicas}");
      await kubectl("scale", "deployment", deployment, `--replicas=${replicas}`);
      return `kubectl scale deployment ${deployment} --replicas ${replicas} --namespace ${NAMESPACE} (it had ${before})`;
    },
    observe: () => tool("ci/drift.sh", [], workspace),
    close: async () => {
      await tool("helm", ["uninstall", "dev", "--namespace", NAMESPACE, "--ignore-not-found"]);
      await tool("kubectl", ["delete", "namespace", NAMESPACE, "--ignore-not-found", "--wait=false"]);
    },
  };
}
