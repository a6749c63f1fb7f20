import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { commandLine, type Ended } from "../support/command-line.ts";

const ROOT = join(import.meta.dirname, "../..");

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bump-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

function bump(...words: readonly string[]): Promise<Ended> {
  return bumpFrom(process.cwd(), ...words);
}

function bumpFrom(cwd: string, ...words: readonly string[]): Promise<Ended> {
  return commandLine(["bump", ...words], { cwd });
}

/** A copy of a golden case's folder. */
async function chart(golden: string): Promise<string> {
  const folder = await mkdtemp(join(home, "chart-"));
  await cp(join(ROOT, "fixtures/umbrella", golden, "before"), folder, { recursive: true });
  return folder;
}

const PATCH = `--- a/Chart.yaml
+++ b/Chart.yaml
@@ -2,6 +2,6 @@
 name: umbrella
 version: 0.1.0
 dependencies:
 - name: billing
-  version: 1.2.3
+  version: 1.3.0
   repository: http://charts.example.com/stable
`;

describe("chart-promoter bump", () => {
  test("shows the difference and touches nothing", async () => {
    const folder = await chart("no-lock");
    const before = await readFile(join(folder, "Chart.yaml"), "utf8");
    expect(await bump(folder, "billing", "1.3.0")).toEqual({
      code: 0,
      out: PATCH,
      err: "billing moves to 1.3.0 in Chart.yaml.\n",
    });
    expect(await readFile(join(folder, "Chart.yaml"), "utf8")).toBe(before);
  });

  test("shows it with the folder in its paths, as `git apply` takes it where bump was called", async () => {
    const checkout = await mkdtemp(join(home, "checkout-"));
    await cp(join(ROOT, "fixtures/umbrella/no-lock/before"), join(checkout, "team a/dev"), {
      recursive: true,
    });
    const { out } = await bumpFrom(checkout, "team a/dev/", "billing", "1.3.0", "--set", "replicas=2");
    expect(out.match(/^(?:---|\+\+\+) [^\t\n]*/gm)).toEqual([
      "--- a/team a/dev/Chart.yaml",
      "+++ b/team a/dev/Chart.yaml",
      "--- /dev/null",
      "+++ b/team a/dev/values.yaml",
    ]);
    const applied = execFileSync("git", ["apply", "-v", "-"], {
      cwd: checkout,
      input: out,
      stdio: "pipe",
    });
    expect(applied.toString()).toBe("");
    const second = await bumpFrom(join(checkout, "team a"), "dev", "billing", "1.3.0", "--set", "replicas=2");
    expect([second.code, second.out]).toEqual([0, ""]);
    const below = await bumpFrom(join(checkout, "team a/dev"), ".", "billing", "1.4.0");
    expect(below.out).toContain("--- a/Chart.yaml\n");
  });

  test("writes with --write, and has nothing to do the second time", async () => {
    const folder = await chart("plain");
    expect(await bump(folder, "billing", "1.3.0", "--write")).toMatchObject({ code: 0 });
    const golden = join(ROOT, "fixtures/umbrella/plain/after");
    expect(await readFile(join(folder, "Chart.yaml"), "utf8")).toBe(
      await readFile(join(golden, "Chart.yaml"), "utf8"),
    );
    const second = await bump(folder, "billing", "1.3.0", "--json");
    expect(JSON.parse(second.out)).toMatchObject({ outcome: "unchanged", files: [], problems: [] });
    expect(second.code).toBe(0);
  });

  test("moves every alias of the chart, or only the one named", async () => {
    const folder = await chart("two-aliases");
    const all = await bump(folder, "billing", "1.3.0", "--json");
    expect(JSON.parse(all.out).files[0].after).not.toContain("1.2.3");
    const one = await bump(folder, "billing", "1.3.0", "--json", "--alias", "back");
    expect(JSON.parse(one.out).files[0].after).toMatch(/version: 1\.2\.3[\s\S]*version: 1\.3\.0/);
  });

  test("sets values below the chart's own key", async () => {
    const folder = await chart("no-lock");
    await bump(folder, "billing", "1.3.0", "--write", "--set", "image.tag=1.10", "--set", "replicas=2");
    expect(await readFile(join(folder, "values.yaml"), "utf8")).toBe(
      'billing:\n  image:\n    tag: "1.10"\n  replicas: 2\n',
    );
  });

  test("refuses what it cannot find, says so, and ends with 1", async () => {
    const folder = await chart("plain");
    const { code, out, err } = await bump(folder, "audit", "1.3.0");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("Chart.yaml has no dependency audit");
    const json = JSON.parse((await bump(folder, "billing", "latest", "--json")).out);
    expect(json).toMatchObject({ outcome: "refused", files: [], problems: [{ code: "malformed" }] });
  });

  test("asks which repository when several offer the chart", async () => {
    const folder = await chart("two-aliases");
    const file = join(folder, "Chart.yaml");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("stable", "other"));
    await rm(join(folder, "Chart.lock"));
    expect((await bump(folder, "billing", "1.3.0")).err).toContain("from several repositories");
    const chosen = await bump(
      folder,
      "billing",
      "1.3.0",
      "--repository",
      "http://charts.example.com/other/",
      "--json",
    );
    expect(JSON.parse(chosen.out).files[0].after).toMatch(/version: 1\.3\.0[\s\S]*version: 1\.2\.3/);
  });

  test("tells aliases, and shows no login of an address", async () => {
    const folder = await chart("two-aliases");
    const file = join(folder, "Chart.yaml");
    const text = await readFile(file, "utf8");
    const login = "http://bob:s3cret@charts.example.com";
    await writeFile(
      file,
      text.replaceAll("http://charts.example.com", login).replace("stable", "other?key=s3cret"),
    );
    const called = await bump(folder, "back", "1.3.0");
    expect(called.err).toContain("no dependency back; back is the alias of billing");
    expect(called.err).toContain("billing … --alias back");
    const wrong = await bump(folder, "billing", "1.3.0", "--alias", "side");
    expect(wrong.err).toContain("billing (alias front), billing (alias back)");
    const several = await bump(folder, "billing", "1.3.0");
    expect(several.err).toContain(
      "from several repositories: http://charts.example.com/other, http://charts.example.com/stable.",
    );
    const elsewhere = await bump(folder, "billing", "1.3.0", "--repository", `${login}/elsewhere`);
    expect(elsewhere.err).toContain("from http://charts.example.com/elsewhere.");
    for (const { out, err } of [called, wrong, several, elsewhere])
      expect(out + err).not.toMatch(/s3cret|bob/);
  });

  test("repairs a lock only when told to", async () => {
    const folder = await chart("stale-lock-repaired");
    expect(await bump(folder, "billing", "1.3.0")).toMatchObject({ code: 1 });
    const repaired = await bump(folder, "billing", "1.3.0", "--repair-lock");
    expect(repaired).toMatchObject({ code: 0, err: expect.stringContaining("was out of step") });
  });

  test("keeps UTF-16 and refuses a symbolic link", async () => {
    const folder = await chart("no-lock");
    const file = join(folder, "Chart.yaml");
    const text = `\ufeff${await readFile(file, "utf8")}`;
    await writeFile(file, text, "utf16le");
    await bump(folder, "billing", "1.3.0", "--write");
    expect(await readFile(file, "utf16le")).toBe(text.replace("1.2.3", "1.3.0"));
    await symlink("elsewhere", join(folder, "Chart.lock"));
    expect((await bump(folder, "billing", "1.4.0")).err).toContain("symbolic link");
  });

  test("takes an old archive out, so that Helm asks for the new one", async () => {
    const folder = await chart("no-lock");
    await cp(join(folder, "Chart.yaml"), join(folder, "charts/billing-1.2.3.tgz"));
    const { err } = await bump(folder, "billing", "1.3.0", "--write");
    expect(err).toContain("fetch charts/billing-1.3.0.tgz");
    await expect(readFile(join(folder, "charts/billing-1.2.3.tgz"))).rejects.toThrow("ENOENT");
  });

  test("ends with 2 when it is called the wrong way", async () => {
    expect(await bump("somewhere")).toMatchObject({ code: 2 });
    expect(await bump("somewhere", "billing", "1.3.0", "--set", "nothing")).toMatchObject({ code: 2 });
  });
});
