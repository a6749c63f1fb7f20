// Who writes the configs of the repositories, and what is remembered of that.

import type { City } from "../city.ts";
import type { Memory } from "./memory.ts";
import { CONFIG, configOf, ENVIRONMENTS } from "./stage.ts";

const FILE = ".github/chart-promoter.yml";

/** As memory has it. */
export function writeConfig(city: City, memory: Memory, repository: string): void {
  push(city, memory, { repository, text: configOf(repository, memory.leftOut, memory.frozen) });
  if (repository === CONFIG) memory.isConfigGone = false;
}

/** That of the first repository; `null`: the file is deleted. */
export function takeConfigAway(city: City, memory: Memory, text: string | null): void {
  push(city, memory, { repository: CONFIG, text });
  memory.isConfigGone = true;
}

function push(
  city: City,
  memory: Memory,
  { repository, text }: { readonly repository: string; readonly text: string | null },
): void {
  city.alice.push(repository, { branch: "main", files: { [FILE]: text } });
  if (!memory.isUp) memory.isTold = false;
}

/** As it was before it was taken away. */
export function giveConfigBack(city: City, memory: Memory): void {
  if (memory.isConfigGone) writeConfig(city, memory, CONFIG);
}

/** `environment`: its name. */
export function freeze(city: City, memory: Memory, environment: string): void {
  memory.frozen.add(environment);
  writeConfigOf(city, memory, environment);
}

export function thaw(city: City, memory: Memory, environment: string): void {
  memory.frozenAt.delete(environment);
  if (memory.frozen.delete(environment)) writeConfigOf(city, memory, environment);
}

/** One that was taken away is written when it is given back. */
function writeConfigOf(city: City, memory: Memory, environment: string): void {
  const { repository = CONFIG } = ENVIRONMENTS.find(({ name }) => name === environment) ?? {};
  if (repository !== CONFIG || !memory.isConfigGone) writeConfig(city, memory, repository);
}
