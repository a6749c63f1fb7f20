// A deployer without a cluster: renders what was merged and keeps it in memory, where it can be changed and compared.

import type { Build } from "../jenkins/controller.ts";
import type { StandInCluster } from "./cluster.ts";
import { DEPLOYER, type DemoDeployer } from "./deployer.ts";

interface Watched {
  readonly environments?: readonly { readonly deployment: number; readonly revision: string }[];
}

/** `render`: renders a commit with Helm. */
export function standInDeployer(
  cluster: StandInCluster,
  render: (sha: string) => Promise<string>,
): DemoDeployer {
  return {
    deploy: async ({ parameters }: Build) => {
      cluster.deploy(await render(parameters.get("REVISION") ?? ""));
      return { result: "SUCCESS" };
    },
    scale: async (deployment, replicas) => {
      const before = cluster.scale(deployment, replicas);
      return `kubectl scale deployment ${deployment} --replicas ${replicas} (it had ${String(before)})`;
    },
    observe: async (promoter) => {
      for (let tries = 0; tries < LOOKS; tries++) {
        const { environments } = (await ask(`${promoter}/deployers/${DEPLOYER.name}/watch`)) ?? {};
        const [environment, ...others] = environments ?? [];
        if (!environment || others.length > 0)
          throw new Error(`asked to watch ${JSON.stringify(environments)}`);
        const resources = cluster.differences();
        const report = { revision: environment.revision, resources };
        const taken = await ask(`${promoter}/deployments/${environment.deployment}/drift`, report);
        if (taken) return `deployment ${environment.deployment}: ${JSON.stringify(resources)}`;
      }
      throw new Error("each time it reported, another deployment had succeeded meanwhile");
    },
    close: async () => undefined,
  };
}

/** Retries: another deployment may succeed between the check and its report. */
const LOOKS = 20;

/**
 * `undefined` for a 409: the reported deployment is no longer the last successful one, so the cluster is checked again.
 */
async function ask(address: string, report?: object): Promise<Watched | undefined> {
  const basic = Buffer.from(`${DEPLOYER.name}:${DEPLOYER.secret}`).toString("base64");
  const answer = await fetch(address, {
    method: report ? "POST" : "GET",
    headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
    ...(report && { body: JSON.stringify(report) }),
  });
  const text = await answer.text();
  if (answer.status === 409) return undefined;
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text}`);
  return text === "" ? {} : JSON.parse(text);
}
