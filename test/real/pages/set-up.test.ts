// The set-up page in a real browser (headless Chromium), from the link in the log of `npm start` to a server that works, against
// the offline GitHub. PICTURES=1 writes what docs/set-up.md shows.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { type GitHub, startGitHub } from "../../../src/sandbox/github/github.ts";
import { isSkipped, onPath } from "../program.ts";
import { type StartingServer, startServerIn } from "../starting-server.ts";

const PICTURES = fileURLToPath(new URL("../../../docs/pictures/", import.meta.url));

(isSkipped("chromium") ? describe.skip : describe)("in Chromium", () => {
  let folder: string;
  let github: GitHub & { readonly url: string; readonly close: () => Promise<void> };
  let browser: Browser;
  let server: StartingServer;

  beforeEach(async () => {
    const executablePath = process.env["CHROMIUM_BIN"] ?? (await onPath("chromium"));
    if (executablePath === undefined)
      throw new Error("chromium is not on PATH: install it, or leave this out with SKIP_REAL=chromium.");
    folder = await mkdtemp(join(tmpdir(), "chart-promoter-setup-"));
    await writeFile(
      join(folder, "server.yaml"),
      "chartRepositories:\n  stakater: { url: https://chartmuseum.example.com, poll: off }\n",
    );
    github = await startGitHub({ person: "alice" });
    github.createRepository({ name: "acme/config", files: { "README.md": "" }, people: { alice: "admin" } });
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    server = startServerIn(folder, { GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http" });
  });

  afterEach(async () => {
    await browser?.close();
    await server?.stop();
    await github?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("an operator goes from the log to a server that works", async () => {
    const link = await server.line(/https?:\/\/\S+\/setup\?token=\S+/);
    const page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    await page.goto(link);
    expect(page.url()).toBe(new URL("/setup", link).href);
    await page.getByLabel("Login of that organisation or person").fill("acme");
    await page.getByLabel("Public address of this server").fill("https://chart-promoter.example.com");
    await page.getByLabel("Webhook address").fill(new URL("/api/github/webhooks", link).href);
    await picture(page, "set-up-form");
    await page.getByRole("button", { name: "Go on" }).click();
    await picture(page, "set-up-manifest");
    await page.getByRole("button", { name: "Make it on GitHub" }).click();
    await page.getByRole("button", { name: "Create GitHub App for acme" }).click();
    await page.getByRole("heading", { name: "The App chart-promoter is made" }).waitFor();
    await picture(page, "set-up-done");
    const install = page.getByRole("link", { name: "Install it on the config repositories" });
    expect(await install.getAttribute("href")).toBe(`${github.url}/apps/chart-promoter/installations/new`);

    await server.line(/chart-promoter listens/);
    expect((await fetch(link)).status).toBe(404);
    github.install({ account: "acme", repositories: "all" });
    await github.webhooks.idle();
    expect(github.webhooks.attempts.map(({ status }) => status)).toEqual([202]);
    expect(await readyWithin(30_000, new URL("/readyz", link).href)).toBe(200);
  });
});

async function readyWithin(ms: number, url: string): Promise<number> {
  const end = Date.now() + ms;
  for (;;) {
    const { status } = await fetch(url);
    if (status === 200 || Date.now() > end) return status;
    await sleep(100);
  }
}

async function picture(page: Page, name: string): Promise<void> {
  if (process.env["PICTURES"]) await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
