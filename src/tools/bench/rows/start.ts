// Cost of starting the packaged program, against a Node that does nothing: processor time of `bump` of one chart; for a
// server with one config repository, time until it listens and memory once it is idle.

import { execFile } from "node:child_process";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newDataFolder } from "../../../sandbox/data-folder.ts";
import { startBot } from "../../../sandbox/demo/bot.ts";
import { WEBHOOK_SECRET } from "../../../sandbox/test-bed.ts";
import { buildProgram } from "../../bundle/program.ts";
import { compare, elapsedMs, type Row, rowOf } from "../row.ts";
import { foundWorld } from "../world.ts";

const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const ROUNDS = 7;
const SERVER_ROUNDS = 3;
const IDLE_AFTER_MS = 5_000;
const AGAINST = "a Node that does nothing";
const TOLD = /^used (\d+)$/m;
/** Makes a process print its processor time in microseconds when it exits. */
const METER = `data:text/javascript,process.on("exit",()=>{const{user,system}=process.cpuUsage();console.error("\\nused "+(user+system))})`;

const run = promisify(execFile);

export async function* startRows(): AsyncGenerator<Row> {
  const folder = await newDataFolder("chart-promoter-bench");
  await cp(join(ROOT, "package.json"), join(folder, "package.json"));
  await buildProgram(join(folder, "dist"));
  const program = join(folder, "dist/chart-promoter.js");
  const umbrella = await umbrellaIn(folder);
  yield await compare({
    ...{ what: "bump of one chart: processor time", against: AGAINST, unit: "ms", rounds: ROUNDS },
    measured: () => usedMs(folder, [program, "bump", umbrella, "web", "1.0.1"]),
    beside: () => usedMs(folder, ["-e", "0"]),
  });
  yield* serverRows(folder, program);
  await rm(folder, { recursive: true, force: true });
}

async function umbrellaIn(folder: string): Promise<string> {
  const umbrella = join(folder, "umbrella");
  await mkdir(umbrella);
  await writeFile(join(umbrella, "Chart.yaml"), "apiVersion: v1\nname: umbrella\nversion: 0.1.0\n");
  const entry = "- name: web\n  version: 1.0.0\n  repository: https://charts.example.com\n";
  await writeFile(join(umbrella, "requirements.yaml"), `dependencies:\n${entry}`);
  return umbrella;
}

/** `home` holds the compile cache. */
async function usedMs(home: string, args: readonly string[]): Promise<number> {
  const env = { PATH: process.env["PATH"], HOME: home };
  const { stderr } = await run(process.execPath, ["--import", METER, ...args], { env });
  return Number(TOLD.exec(stderr)?.[1]) / 1000;
}

async function* serverRows(home: string, program: string): AsyncGenerator<Row> {
  const rounds: { readonly ready: [number, number]; readonly idle: [number, number] }[] = [];
  for (let round = 0; round <= SERVER_ROUNDS; round += 1) {
    const bareMs = await elapsedMs(() => run(process.execPath, ["-e", "0"]));
    const { readyMs, megabytes } = await serve(home, program);
    rounds.push({ ready: [readyMs, bareMs], idle: [megabytes, await bareMegabytes()] });
  }
  // The first start fills the compile cache.
  const [, ...counted] = rounds;
  const of = (name: "ready" | "idle") => counted.map((one) => one[name]);
  yield rowOf({ what: "server: until it listens", against: AGAINST, unit: "ms" }, of("ready"));
  yield rowOf({ what: "server with nothing to do: memory", against: AGAINST, unit: "MB" }, of("idle"));
}

async function serve(home: string, program: string) {
  const dataFolder = await newDataFolder("chart-promoter-bench");
  const { github, museum, close } = await foundWorld({
    ...{ repositories: [["web"]], versions: new Map([["web", ["0.1.0"]]]), dataFolder },
  });
  const [config, key] = [join(dataFolder, "server.yaml"), join(dataFolder, "key.pem")];
  await writeFile(config, `chartRepositories:\n  stakater:\n    url: ${museum.url}\n    poll: off\n`);
  await writeFile(key, github.app.privateKey);
  const begun = performance.now();
  const bot = await startBot(
    {
      ...{ HOME: home, DATA_DIR: dataFolder, HOST: "127.0.0.1", PORT: "0", SERVER_CONFIG: config },
      ...{ APP_ID: String(github.app.id), PRIVATE_KEY_PATH: key, WEBHOOK_SECRET },
      ...{ GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http" },
    },
    [process.execPath, program, "serve"],
  );
  const readyMs = performance.now() - begun;
  await sleep(IDLE_AFTER_MS);
  const megabytes = await residentMegabytes(bot.pid);
  await bot.stop();
  await close();
  await rm(dataFolder, { recursive: true, force: true });
  return { readyMs, megabytes };
}

async function bareMegabytes(): Promise<number> {
  const running = run(process.execPath, ["-e", "setTimeout(() => {}, 1000)"]);
  await sleep(500);
  const megabytes = await residentMegabytes(running.child.pid ?? 0);
  await running;
  return megabytes;
}

async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await run("ps", ["-o", "rss=", "-p", String(pid)]);
  return (Number(stdout) * 1024) / 1e6;
}
