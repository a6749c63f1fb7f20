// A chart repository with a keyring: what the text and the check say of a signature is so, also while it cannot be had.

import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { createCleartextMessage, generateKey, sign } from "openpgp";
import { live, newestRun, testBed, until } from "../setting.ts";

const { privateKey } = await generateKey({
  userIDs: [{ name: "release", email: "release@example.com" }],
  format: "object",
});

async function signedBy(packed: Uint8Array, version: string): Promise<string> {
  const digest = createHash("sha256").update(packed).digest("hex");
  const files = `files:\n  xposer-${version}.tgz: sha256:${digest}\n`;
  const text = `apiVersion: v2\nname: xposer\nversion: ${version}\n\n...\n${files}`;
  return sign({ message: await createCleartextMessage({ text }), signingKeys: privateKey });
}

function body(): string {
  return testBed.repository().mustPull(1).body;
}

function conclusion(): string | null | undefined {
  return newestRun(1)?.conclusion;
}

test("while a signature cannot be had it is said to be not known, and put right when it is", async () => {
  const keyring = privateKey.toPublic().write();
  await live({ chartRepository: { keyring } });
  const packed = testBed.pack("1.0.1");
  await testBed.museum.upload(packed, await signedBy(packed, "1.0.1"));
  testBed.museum.faults.add({ kind: "status", status: 503 }, { match: /\.prov$/ });
  await testBed.announce({ version: "1.0.1" });
  await until(() => testBed.pulls().length > 0);
  expect(body()).toContain("**signature not known yet**");
  expect(body()).toContain("is signed is not known yet");
  expect(body()).not.toContain("not valid");
  expect(conclusion()).toBeNull();

  testBed.museum.faults.clear();
  await testBed.restart();
  await until(() => body().includes("signed by"));
  expect(body()).not.toContain("not known yet");
});

test("a chart that nobody signed is a danger, and fails the check", async () => {
  await live({ chartRepository: { keyring: privateKey.toPublic().write() } });
  await testBed.publish({ version: "1.0.1" });
  await until(() => testBed.pulls().length > 0 && conclusion() === "failure");
  expect(body()).toContain("**signature not valid**");
});
