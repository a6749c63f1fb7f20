// Runs the helm program: without this machine's configuration, without a cluster, with limits and a timeout.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { confinement } from "./confinement.ts";

export interface HelmRun {
  readonly helm: string;
  readonly args: readonly string[];
  /** An empty folder as home, for caches and configuration. */
  readonly home: string;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Bytes of output after which it is killed. */
  readonly outputLimit: number;
}

export type HelmOutcome =
  | { readonly kind: "done"; readonly stdout: string }
  | { readonly kind: "failed"; readonly stderr: string }
  | { readonly kind: "too-slow" }
  | { readonly kind: "too-large" }
  /** Killed by the kernel's limits for memory or CPU time. */
  | { readonly kind: "out-of-limits" }
  | { readonly kind: "not-started"; readonly because: string };

/**
 * Resolves when the program and its process group have ended; a process that left the group is not waited for after a
 * kill.
 */
export async function runHelm(run: HelmRun): Promise<HelmOutcome> {
  const { command } = await confinement();
  const [program = run.helm, ...args] = [...command, run.helm, ...run.args];
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: run.cwd,
      env: environment(run.home),
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const stop = (): void => {
      kill(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
    };
    let stopped: "too-slow" | "too-large" | undefined;
    const timer = setTimeout(() => {
      stopped = "too-slow";
      stop();
    }, run.timeoutMs);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let size = 0;
    const keep = (chunks: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size <= run.outputLimit) chunks.push(chunk);
      else if (stopped === undefined) {
        stopped = "too-large";
        stop();
      }
    };
    child.stdout.on("data", keep(stdout));
    child.stderr.on("data", keep(stderr));
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "not-started", because: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      if (stopped !== undefined) resolve({ kind: stopped });
      else if (code === 0) resolve({ kind: "done", stdout: Buffer.concat(stdout).toString() });
      else resolve(failedAs(code, Buffer.concat(stderr).subarray(0, LONGEST_COMPLAINT).toString()));
    });
  });
}

/** Maximum length of helm's error that is read: a template may fail with megabytes of text. */
const LONGEST_COMPLAINT = 64 * 1024;

/** POSIX, "Exit Status for Commands": from the shell, when it cannot exec the program. */
const [CANNOT_RUN, NOT_FOUND] = [126, 127];

/** Go's runtime reports lack of memory; the CPU limit kills by a signal. */
function failedAs(code: number | null, stderr: string): HelmOutcome {
  if (code === CANNOT_RUN || code === NOT_FOUND) return { kind: "not-started", because: stderr.trim() };
  const isOutOfMemory = /^(?:fatal error|runtime): .*(?:out of memory|cannot allocate memory)/m.test(stderr);
  return code === null || isOutOfMemory ? { kind: "out-of-limits" } : { kind: "failed", stderr };
}

/** Kills the process group, whose leader is helm. */
function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The process has ended meanwhile.
  }
}

/**
 * No kubeconfig, no plugins, no registry login; and a proxy without a server, so that any access to the network (a
 * schema's remote `$ref`) fails at once.
 */
function environment(home: string): NodeJS.ProcessEnv {
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: "/usr/bin:/bin",
    HOME: home,
    HELM_CACHE_HOME: join(home, "cache"),
    HELM_CONFIG_HOME: join(home, "config"),
    HELM_DATA_HOME: join(home, "data"),
    HELM_PLUGINS: join(home, "plugins"),
    KUBECONFIG: join(home, "no-cluster"),
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    GOMEMLIMIT: "768MiB",
    GOMAXPROCS: "2",
  };
}
