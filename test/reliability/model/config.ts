// Who writes the config of the first repository, and what is remembered of it.

import type { City } from "../city.ts";
import type { Memory } from "./memory.ts";
import { CONFIG, configOf } from "./stage.ts";

const FILE = ".github/chart-promoter.yml";

/** `null` takes it away. */
export function writeConfig(city: City, memory: Memory, text: string | null): void {
  city.alice.push(CONFIG, { branch: "main", files: { [FILE]: text } });
  if (!memory.isUp) memory.isTold = false;
}

/** As it was before it was taken away. */
export function giveConfigBack(city: City, memory: Memory): void {
  if (!memory.isConfigGone) return;
  writeConfig(city, memory, configOf(CONFIG, memory.leftOut));
  memory.isConfigGone = false;
}
