// etcd and kube-apiserver as processes on loopback, with everything they write in one folder.

import { generateKeyPairSync } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Running, start } from "../program.ts";
import { findEtcd } from "./etcd-program.ts";
import { freePorts } from "./free-ports.ts";
import { findKubeApiserver } from "./kube-apiserver-program.ts";

export interface ControlPlane {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** The PEM file with the certificates that the server is to be trusted by. */
  readonly authorityFile: string;
  /** A bearer token of user "admin" in group system:masters. */
  readonly adminToken: string;
  stop(): Promise<void>;
}

const ADMIN_TOKEN = "admin-of-a-loopback-cluster";

/** Serving when it resolves, yet perhaps not ready. `flags`: more of kube-apiserver's. */
export async function startControlPlane(folder: string, flags: readonly string[]): Promise<ControlPlane> {
  const [clientPort = 0, peerPort = 0, securePort = 0] = await freePorts(3);
  const etcd = await startEtcd(folder, { clientPort, peerPort });
  const apiserver = await startApiserver(folder, { clientPort, securePort, flags }).catch(
    async (error: unknown) => {
      await etcd.stop();
      throw error;
    },
  );
  return {
    url: `https://127.0.0.1:${securePort}`,
    authorityFile: join(certificatesOf(folder), "apiserver.crt"),
    adminToken: ADMIN_TOKEN,
    stop: async () => {
      await apiserver.stop();
      await etcd.stop();
    },
  };
}

interface EtcdPorts {
  readonly clientPort: number;
  readonly peerPort: number;
}

async function startEtcd(folder: string, { clientPort, peerPort }: EtcdPorts): Promise<Running> {
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return start(
    [
      await findEtcd(),
      ...["--data-dir", join(folder, "etcd"), "--unsafe-no-fsync"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer],
      ...["--initial-cluster", `default=${peer}`],
    ],
    /ready to serve client requests/,
  );
}

interface ApiserverSettings {
  readonly clientPort: number;
  readonly securePort: number;
  readonly flags: readonly string[];
}

async function startApiserver(
  folder: string,
  { clientPort, securePort, flags }: ApiserverSettings,
): Promise<Running> {
  const key = join(folder, "service-account.key");
  const tokens = join(folder, "tokens.csv");
  await writeFile(key, privateKey());
  await writeFile(tokens, `${ADMIN_TOKEN},admin,1,"system:masters"\n`);
  return start(
    [
      await findKubeApiserver(),
      `--etcd-servers=http://127.0.0.1:${clientPort}`,
      ...["--bind-address=127.0.0.1", `--secure-port=${securePort}`],
      `--cert-dir=${certificatesOf(folder)}`,
      ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
      "--service-account-issuer=https://kubernetes.default.svc",
      ...[`--token-auth-file=${tokens}`, "--authorization-mode=RBAC"],
      "--service-cluster-ip-range=10.0.0.0/24",
      // It would refuse pods until a controller has made their service account.
      "--disable-admission-plugins=ServiceAccount",
      ...flags,
    ],
    /Serving securely on/,
  );
}

function certificatesOf(folder: string): string {
  return join(folder, "certificates");
}

/** PEM: what the tokens of service accounts are signed with. */
function privateKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
