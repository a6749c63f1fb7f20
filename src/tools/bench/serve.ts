// The real server in its own process for the benches: `own-process.ts` starts it and queries it by messages.

import { enableCompileCache } from "node:module";
import type { Settings } from "../../domain/model/config/settings.ts";

enableCompileCache(); // as `npm start` does
const { boundHeapGrowth } = await import("../../cli/serve/heap-growth.ts");
boundHeapGrowth();
const { pino } = await import("pino");
const { startServer } = await import("../../server.ts");

/** Queries of the bench; each gets one answer. */
export type Question = "depth" | "cpu" | "stop";

const settings: Settings = JSON.parse(process.env["BENCH_SETTINGS"] ?? "{}");
const server = await startServer(settings, pino({ level: process.env["LOG_LEVEL"] ?? "silent" }));

process.on("message", (question: Question) => void answer(question));
process.send?.({ url: server.url });

function cpuMs(): number {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  return (userCPUTime + systemCPUTime) / 1000;
}

async function answer(question: Question): Promise<void> {
  if (question === "depth") {
    process.send?.(await server.depth());
    return;
  }
  if (question === "cpu") {
    process.send?.(cpuMs());
    return;
  }
  await server.stop();
  process.send?.({ mostBytes: process.resourceUsage().maxRSS * 1024, cpuMs: cpuMs() });
  process.disconnect();
}
