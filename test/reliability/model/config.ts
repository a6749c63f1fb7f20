// Who writes the configs of the repositories, and what is remembered of that.

import type { MultiTenantTestBed } from "../multi-tenant-test-bed.ts";
import type { Memory } from "./memory.ts";
import { CONFIG, configOf, ENVIRONMENTS } from "./stage.ts";

const FILE = ".github/chart-promoter.yml";

/** As memory has it. */
export function writeConfig(testBed: MultiTenantTestBed, memory: Memory, repository: string): void {
  push(testBed, memory, { repository, text: configOf(repository, memory.leftOut, memory.frozen) });
  if (repository === CONFIG) memory.isConfigGone = false;
}

/** That of the first repository; `null`: the file is deleted. */
export function takeConfigAway(testBed: MultiTenantTestBed, memory: Memory, text: string | null): void {
  push(testBed, memory, { repository: CONFIG, text });
  memory.isConfigGone = true;
}

function push(
  testBed: MultiTenantTestBed,
  memory: Memory,
  { repository, text }: { readonly repository: string; readonly text: string | null },
): void {
  testBed.alice.push(repository, { branch: "main", files: { [FILE]: text } });
  if (!memory.isUp) memory.isTold = false;
}

/** As it was before it was taken away. */
export function giveConfigBack(testBed: MultiTenantTestBed, memory: Memory): void {
  if (memory.isConfigGone) writeConfig(testBed, memory, CONFIG);
}

/** `environment`: its name. */
export function freeze(testBed: MultiTenantTestBed, memory: Memory, environment: string): void {
  memory.frozen.add(environment);
  writeConfigOf(testBed, memory, environment);
}

export function thaw(testBed: MultiTenantTestBed, memory: Memory, environment: string): void {
  memory.frozenAt.delete(environment);
  if (memory.frozen.delete(environment)) writeConfigOf(testBed, memory, environment);
}

/** One that was taken away is written when it is given back. */
function writeConfigOf(testBed: MultiTenantTestBed, memory: Memory, environment: string): void {
  const { repository = CONFIG } = ENVIRONMENTS.find(({ name }) => name === environment) ?? {};
  if (repository !== CONFIG || !memory.isConfigGone) writeConfig(testBed, memory, repository);
}
