// A real Kubernetes API server to test on: etcd and kube-apiserver on loopback, with a folder of their own.
//
// Nothing else runs: no controller (a Deployment never gets pods or a status, a deleted namespace stays Terminating), no
// scheduler, no garbage collector. What the API server itself does is all there: validation, defaults, immutable fields,
// server-side apply with managedFields, dry runs, RBAC, ValidatingAdmissionPolicy, tokens of service accounts.
//
//   const suite = isSkipped(KUBERNETES) ? describe.skip : describe;
//   suite("…", () => {
//     let cluster: KubeCluster;
//     beforeAll(async () => { cluster = await startKubeCluster(); }, KUBE_STARTS_WITHIN_MS);
//     afterAll(() => cluster?.close());
//     it("…", async () => {
//       const namespace = await cluster.createNamespace();
//       const { status, stderr } = await cluster.kubectl(["apply", "--namespace", namespace, "-f", "-"], manifest);
//     });
//   });
//
// SKIP_REAL=kubernetes leaves out what needs it. The first run on a machine builds kube-apiserver, which takes minutes.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ControlPlane, startControlPlane } from "./control-plane.ts";
import { findKubectl } from "./kubectl-program.ts";

export const KUBERNETES = "kubernetes";
/** Long enough to build kube-apiserver on the way. */
export const KUBE_STARTS_WITHIN_MS = 1_800_000;

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class KubeCluster {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The path of a kubeconfig of user "admin" in group system:masters, with the cluster's CA. */
  readonly kubeconfig: string;
  readonly #folder: string;
  readonly #controlPlane: ControlPlane;
  #namespaces = 0;

  constructor(folder: string, controlPlane: ControlPlane) {
    this.url = controlPlane.url;
    this.kubeconfig = join(folder, "admin.kubeconfig");
    this.#folder = folder;
    this.#controlPlane = controlPlane;
  }

  /** As the admin; `input` is its standard input. A refusal is a status other than 0, no rejection. */
  async kubectl(given: readonly string[], input = ""): Promise<Answer> {
    const program = await findKubectl();
    return new Promise((resolve) => {
      const command = ["--kubeconfig", this.kubeconfig, ...given];
      const child = execFile(program, command, { timeout: 60_000 }, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === "number" ? error.code : 255;
        resolve({ status, stdout, stderr });
      });
      child.stdin?.end(input);
    });
  }

  /** For steps that have to work before the tested one can: rejects with what kubectl said, else answers its output. */
  async mustKubectl(given: readonly string[], input = ""): Promise<string> {
    const { status, stdout, stderr } = await this.kubectl(given, input);
    if (status !== 0) throw new Error(`kubectl ${given.join(" ")}: ${stderr}`);
    return stdout;
  }

  /** The name of a new, empty namespace. */
  async createNamespace(): Promise<string> {
    this.#namespaces += 1;
    const name = `test-${this.#namespaces}`;
    await this.mustKubectl(["create", "namespace", name]);
    return name;
  }

  /** The path of a kubeconfig of that service account, which has the rights that RBAC binds to it. */
  async kubeconfigOf(namespace: string, serviceAccount: string): Promise<string> {
    const token = await this.mustKubectl(["create", "token", serviceAccount, "--namespace", namespace]);
    const file = join(this.#folder, `${namespace}-${serviceAccount}.kubeconfig`);
    await this.writeKubeconfig(file, token.trim());
    return file;
  }

  async writeKubeconfig(file: string, token: string): Promise<void> {
    const authority = await readFile(this.#controlPlane.authorityFile, "base64");
    const name = "loopback";
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server: this.url, "certificate-authority-data": authority } }],
      users: [{ name, user: { token } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    };
    await writeFile(file, JSON.stringify(kubeconfig), { mode: 0o600 });
  }

  async close(): Promise<void> {
    await this.#controlPlane.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Ready for everything when it resolves. `flags`: more of kube-apiserver's, such as APIs that are off by default. */
export async function startKubeCluster(flags: readonly string[] = []): Promise<KubeCluster> {
  const folder = await mkdtemp(join(tmpdir(), "kube-cluster-"));
  const controlPlane = await startControlPlane(folder, flags);
  const cluster = new KubeCluster(folder, controlPlane);
  try {
    await cluster.writeKubeconfig(cluster.kubeconfig, controlPlane.adminToken);
    await untilReady(cluster);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

const READY_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** The namespace "default" is made a moment after the server calls itself ready. */
async function untilReady(cluster: KubeCluster): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const ready = await cluster.kubectl(["get", "--raw", "/readyz"]);
    const namespace = await cluster.kubectl(["get", "namespace", "default"]);
    if (ready.status === 0 && namespace.status === 0) return;
    if (Date.now() > deadline)
      throw new Error(`kube-apiserver is not ready: ${ready.stderr || namespace.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
