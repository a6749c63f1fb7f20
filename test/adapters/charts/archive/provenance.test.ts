// A chart counts as signed only by a key of the keyring, over exactly these bytes, under exactly this name and version.

import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { createCleartextMessage, generateKey, type PrivateKey, sign } from "openpgp";
import { verifyProvenance } from "../../../../src/adapters/charts/archive/provenance.ts";
import { packChart } from "../../../../src/sandbox/chartmuseum/pack-chart.ts";

const packed = packChart({ name: "xposer", version: "1.0.0" });
const DIGEST = `sha256:${createHash("sha256").update(packed).digest("hex")}`;
const METADATA = "apiVersion: v2\nname: xposer\nversion: 1.0.0\n";
const files = (digest: string, file = "xposer-1.0.0.tgz") => `files:\n  ${file}: ${digest}\n`;
const TEXT = `${METADATA}\n...\n${files(DIGEST)}`;

const keys: { release?: PrivateKey; stranger?: PrivateKey } = {};
beforeAll(async () => {
  const make = async (name: string) =>
    (await generateKey({ userIDs: [{ name, email: `${name}@example.com` }], format: "object" })).privateKey;
  Object.assign(keys, { release: await make("release"), stranger: await make("stranger") });
});

function key(name: keyof typeof keys): PrivateKey {
  const found = keys[name];
  if (found === undefined) throw new Error(`no key ${name}`);
  return found;
}

async function signed(text: string, by: keyof typeof keys = "release"): Promise<string> {
  return sign({ message: await createCleartextMessage({ text }), signingKeys: key(by) });
}

async function check(prov: string, keyring: Uint8Array = key("release").toPublic().write()) {
  const result = await verifyProvenance({ prov, keyring, packed, name: "xposer", version: "1.0.0" });
  return result.ok ? result.value : result.problems.map(({ code, message }) => `${code}: ${message}`).join();
}

describe("a signature of the keyring's key holds", () => {
  test.each([
    ["binary", () => key("release").toPublic().write()],
    ["armoured", () => Buffer.from(key("release").toPublic().armor())],
    [
      "of several keys",
      () => Buffer.concat([key("stranger").toPublic().write(), key("release").toPublic().write()]),
    ],
  ])("with a keyring that is %s", async (_name, keyring) => {
    expect(await check(await signed(TEXT), keyring())).toEqual({
      keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
      fingerprint: key("release").getFingerprint(),
      userIds: ["release <release@example.com>"],
    });
  });
});

describe("it does not hold", () => {
  const invalid = "provenance-invalid: The provenance of xposer 1.0.0 does not hold: ";
  test.each<[string, () => Promise<string>, string]>([
    ["of an unknown key", () => signed(TEXT, "stranger"), "Could not find signing key"],
    [
      "over changed text",
      async () => (await signed(TEXT)).replace("version: 1.0.0", "version: 1.0.1"),
      "Signed digest did not match",
    ],
    [
      "of another chart",
      () => signed(TEXT.replace("name: xposer", "name: other")),
      "it was made for other 1.0.0",
    ],
    [
      "of another version",
      () => signed(TEXT.replace("version: 1.0.0", "version: 0.9.0")),
      "it was made for xposer 0.9.0",
    ],
    [
      "of other bytes",
      () => signed(`${METADATA}\n...\n${files(`sha256:${"0".repeat(64)}`)}`),
      `with the digest sha256:${"0".repeat(64)}, not ${DIGEST}`,
    ],
    [
      "of another file",
      () => signed(`${METADATA}\n...\n${files(DIGEST, "x.tgz")}`),
      "it names no file xposer-1.0.0.tgz",
    ],
    ["without hashes", () => signed(METADATA), "does not have the two parts"],
    ["with three parts", () => signed(`${TEXT}\n...\n${files(DIGEST)}`), "does not have the two parts"],
    ["of nothing", async () => "", "it is no clear-signed message"],
    ["of a page", async () => "<html></html>", "it is no clear-signed message"],
    [
      "with the true text outside the armour",
      async () => `${TEXT}\n${await signed("other")}`,
      "does not have the two parts",
    ],
  ])("%s", async (_name, prov, why) => {
    const message = await check(await prov());
    expect(message).toContain(invalid);
    expect(message).toContain(why);
  });
});

test.each([
  ["empty", Buffer.of()],
  ["text", Buffer.from("keys")],
  ["broken armour", Buffer.from("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nxxxx\n")],
])("a keyring that is %s is the operator's mistake", async (_name, keyring) => {
  expect(await check(await signed(TEXT), keyring)).toMatch(
    /^settings-invalid: The chart repository's keyring/,
  );
});
