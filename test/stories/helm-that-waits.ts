// A server that waits for no review, and a helm that takes as long as a story says: which of the two is faster is no chance.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { closeAfterwards, live, pass } from "./setting.ts";

export interface WaitingHelm {
  /** From now on no review ends. */
  readonly waits: () => Promise<void>;
  readonly goesOn: () => Promise<void>;
}

/** Helm goes on at first. It renders nothing. */
export async function liveWithHelm(): Promise<WaitingHelm> {
  const folder = await mkdtemp(join(tmpdir(), "helm-that-waits-"));
  const [helm, sign, path] = [join(folder, "helm"), join(folder, "wait"), process.env["PATH"] ?? ""];
  await writeFile(helm, `#!/bin/sh\nwhile [ -e ${sign} ]; do sleep 0.05; done\n`, { mode: 0o755 });
  process.env["PATH"] = `${folder}${delimiter}${path}`;
  closeAfterwards(async () => {
    process.env["PATH"] = path;
    await rm(folder, { recursive: true });
  });
  await live({ reviewPatienceMs: 0 });
  return { waits: () => writeFile(sign, ""), goesOn: () => rm(sign) };
}

/** By then what is under way is asked for again. */
export const AGAIN_MS = 16_000;
/** GitHub takes no key from a clock that is further ahead than some minutes. */
const TIMES = 8;

/** Time passes until this is so: a review takes as long as the machine does. */
export async function inTheEnd(isSo: () => boolean): Promise<void> {
  for (let time = 1; time <= TIMES && !isSo(); time++) {
    await sleep(time * 50);
    await pass(AGAIN_MS);
  }
}
