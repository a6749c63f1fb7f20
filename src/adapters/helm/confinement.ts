// What holds a run of helm: the kernel's limits for memory, processor time, files and processes, and no network where this
// machine lets a program give it up. Whatever a template does then costs no more than this.

import { spawn } from "node:child_process";

export interface Confinement {
  /** The program and its arguments to put in front of helm's own. */
  readonly command: readonly string[];
  readonly network: "none" | "open";
  readonly limits: "hard" | "none";
}

/** Address space in KiB, seconds of all processors together, blocks of 512 bytes or 1 KiB, open files, processes of this user. */
const LIMITS = {
  memoryKib: 2 * 2 ** 20,
  cpuSeconds: 60,
  fileBlocks: 2 ** 17,
  openFiles: 256,
  processes: 4096,
};

/** `-u` is bash's and busybox' word for processes, `-p` is dash's. */
const LIMITED = [
  `ulimit -v ${LIMITS.memoryKib}`,
  `ulimit -t ${LIMITS.cpuSeconds}`,
  `ulimit -f ${LIMITS.fileBlocks}`,
  `ulimit -n ${LIMITS.openFiles}`,
  "ulimit -c 0",
  `{ ulimit -u ${LIMITS.processes} || ulimit -p ${LIMITS.processes}; } 2>/dev/null`,
  'exec "$@"',
].join(" && ");

const SHELL = ["/bin/sh", "-c", LIMITED, "sh"];

/** The strictest first. A network of its own needs the right to make one, or a user namespace to have that right in. */
const CANDIDATES: readonly Confinement[] = [
  { command: ["unshare", "--net", ...SHELL], network: "none", limits: "hard" },
  { command: ["unshare", "--map-root-user", "--net", ...SHELL], network: "none", limits: "hard" },
  { command: SHELL, network: "open", limits: "hard" },
];
const NOTHING: Confinement = { command: [], network: "open", limits: "none" };

let known: Promise<Confinement> | undefined;

/** The strictest that this machine permits; tried once for each process or thread. */
export function confinement(): Promise<Confinement> {
  known ??= strictest();
  return known;
}

async function strictest(): Promise<Confinement> {
  for (const candidate of CANDIDATES) if (await starts(candidate)) return candidate;
  return NOTHING;
}

function starts({ command: [program = "", ...args] }: Confinement): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, [...args, "true"], { env: { PATH: "/usr/bin:/bin" }, stdio: "ignore" });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}
