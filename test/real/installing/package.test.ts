// What `npm pack` makes, installed in an empty folder without anything of this checkout: its commands and its server work,
// whichever Node its user has. The whole demo is told to the installed server.

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { isSkipped, run } from "../program.ts";
import { nodeFolder } from "./node-program.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const suite = isSkipped("package") ? describe.skip : describe;
const INSTALLS_WITHIN_MS = 600_000;

suite("the packed package", () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "packed-"));
    await run("npm", ["pack", "--pack-destination", folder], { cwd: ROOT });
    await writeFile(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true }));
    const [packed = ""] = (await readdir(folder)).filter((file) => file.endsWith(".tgz"));
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${packed}`], {
      cwd: folder,
      env: withoutCheckout(),
    });
  }, INSTALLS_WITHIN_MS);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("brings compiled code, and neither sources nor tests", async () => {
    const files = await readdir(join(folder, "node_modules/chart-promoter"), { recursive: true });
    expect(
      files.filter((file) => file.endsWith(".ts") || /^(test|fixtures|src|deploy)(\/|$)/.test(file)),
    ).toEqual([]);
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "app.yml",
        "bundle/chart-promoter.mjs",
      ]),
    );
  });

  it("has all that it brings in its bill of materials, and nothing of development's", async () => {
    const bill = await run("npm", ["run", "-s", "sbom"], { cwd: ROOT, maxBuffer: 64 * 2 ** 20 });
    const listed = await run("npm", ["ls", "--all", "--json"], { cwd: folder, env: withoutCheckout() });
    const { bomFormat, components }: Bill = JSON.parse(bill.stdout);
    const { dependencies }: Listed = JSON.parse(listed.stdout);
    const installed = namesIn(dependencies?.["chart-promoter"]?.dependencies);
    expect(bomFormat).toBe("CycloneDX");
    expect(installed.size).toBeGreaterThan(100);
    const names = new Set(components.map(({ name }) => name));
    expect([...installed].filter((name) => !names.has(name))).toEqual([]);
    expect(names).not.toContain("jest");
  });

  describe.each(["20", "24"])("with Node %s", (major) => {
    let env: NodeJS.ProcessEnv;

    beforeAll(async () => {
      const { PATH = "", ...rest } = withoutCheckout();
      await nodeFolder(join(folder, `node-${major}`), major);
      env = { ...rest, PATH: `${join(folder, `node-${major}`)}${delimiter}${PATH}` };
      expect((await run("node", ["--version"], { env })).stdout).toMatch(`v${major}.`);
    }, INSTALLS_WITHIN_MS);

    it.each([
      ["the command", ["npx", "--no-install", "chart-promoter"]],
      ["the single file", ["node", "node_modules/chart-promoter/bundle/chart-promoter.mjs"]],
    ])("publishes by %s", async (_, [program = "", ...words]) => {
      const requests: unknown[] = [];
      const server = createServer((request, response) => {
        requests.push(`${request.method} ${request.url} ${request.headers.authorization}`);
        request.resume();
        response.writeHead(202).end(JSON.stringify({ id: "1", state: "accepted" }));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const { port } = server.address() as AddressInfo;
      const publish = [
        ...[...words, "publish", "--server", `http://127.0.0.1:${port}`],
        ...["--publisher", "ci", "--chart", "web", "--chart-version", "1.0.0"],
      ];
      const { stdout } = await run(program, publish, {
        cwd: folder,
        env: { ...env, PUBLISH_SECRET: "s" },
      }).finally(() => server.close());
      expect(stdout).toMatch("1: accepted");
      expect(requests).toEqual([`POST /publish Basic ${Buffer.from("ci:s").toString("base64")}`]);
    });

    it("passes on how a command ended", async () => {
      const wrong = run("npx", ["--no-install", "chart-promoter", "bump"], { cwd: folder, env });
      await expect(wrong).rejects.toMatchObject({ code: 2 });
    });

    it("serves, from a publish to its deployment", async () => {
      const demo = ["src/sandbox/demo/demo.ts", "--bot"];
      const bot = ["node", join(folder, "node_modules/.bin/chart-promoter"), "serve"];
      const { stdout } = await run(process.execPath, [...demo, ...bot], { cwd: ROOT, env });
      expect(stdout).toMatch("merging was the only trigger of a new deployment");
      expect(stdout).toMatch("Deployment");
    });
  });
});

interface Bill {
  readonly bomFormat: string;
  readonly components: readonly { readonly name: string; readonly version: string }[];
}

interface Listed {
  /** Absent of a peer that is optional and not installed. */
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, Listed>>;
}

function namesIn(dependencies: Listed["dependencies"] = {}): ReadonlySet<string> {
  const installed = Object.entries(dependencies).filter(([, { version }]) => version !== undefined);
  const below = installed.flatMap(([name, one]) => [name, ...namesIn(one.dependencies)]);
  return new Set(below);
}

/** Of what npm and the runner of the tests leave in the environment of their children, nothing. */
function withoutCheckout(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|NODE_OPTIONS$|NODE_ENV$|JEST_)/i.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    PATH: (process.env["PATH"] ?? "")
      .split(delimiter)
      .filter((part) => !part.startsWith(ROOT))
      .join(delimiter),
  };
}
