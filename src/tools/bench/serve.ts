// The real server in a process of its own, as a bench wants it: `own-process.ts` starts it and asks it by messages.

import { pino } from "pino";
import type { Settings } from "../../domain/model/config/settings.ts";
import { startServer } from "../../server.ts";

/** What the bench asks; each is answered once. */
export type Question = "depth" | "stop";

const settings: Settings = JSON.parse(process.env["BENCH_SETTINGS"] ?? "{}");
const server = await startServer(settings, pino({ level: process.env["LOG_LEVEL"] ?? "silent" }));

process.on("message", (question: Question) => void answer(question));
process.send?.({ url: server.url });

async function answer(question: Question): Promise<void> {
  if (question === "depth") {
    process.send?.(await server.depth());
    return;
  }
  await server.stop();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.send?.({ mostBytes: maxRSS * 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 });
  process.disconnect();
}
