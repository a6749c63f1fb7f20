// The sandbox of a helm process: kernel limits (rlimits) for memory, CPU time, files and processes, and no network if
// this machine allows it. Bounds the cost of whatever a template does.

import { spawn } from "node:child_process";

export interface Confinement {
  /** The command line to put before helm's own. */
  readonly command: readonly string[];
  readonly network: "none" | "open";
  readonly limits: "hard" | "none";
}

/** Address space in KiB, CPU seconds, file size in blocks of 512 bytes or 1 KiB, open files, processes of this user. */
const LIMITS = {
  memoryKib: 2 * 2 ** 20,
  cpuSeconds: 60,
  fileBlocks: 2 ** 17,
  openFiles: 256,
  processes: 4096,
};

/** `ulimit -u` is the number of processes in bash and busybox, `-p` in dash. */
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

/** The strictest first. A network namespace needs the privilege to create one, or a user namespace that grants it. */
const CANDIDATES: readonly Confinement[] = [
  { command: ["unshare", "--net", ...SHELL], network: "none", limits: "hard" },
  { command: ["unshare", "--map-root-user", "--net", ...SHELL], network: "none", limits: "hard" },
  { command: SHELL, network: "open", limits: "hard" },
];
const NOTHING: Confinement = { command: [], network: "open", limits: "none" };

let known: Promise<Confinement> | undefined;

/** The strictest one that this machine permits; probed once for each process or thread. */
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
