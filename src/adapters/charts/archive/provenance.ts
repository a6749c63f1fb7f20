// Verifies a chart's signature. Helm's provenance file is a clear-signed OpenPGP message of two YAML documents, the
// chart's metadata and the hashes of its files (https://helm.sh/docs/topics/provenance). In addition to Helm's checks,
// the signed name and version must be those requested: a valid signature of another chart proves nothing.

import { createHash } from "node:crypto";
import { types } from "node:util";
import type { CleartextMessage, Key } from "openpgp";
import { fail, ok, type Problem, type Result } from "../../../domain/model/problem.ts";
import { parseMetadata } from "../chart-version.ts";
import { helmYaml } from "../helm-yaml.ts";

export interface SignedChart {
  /** Text of the `.prov` file. */
  readonly prov: string;
  /** OpenPGP public keys, armoured or binary as `gpg --export` writes them. */
  readonly keyring: Uint8Array;
  readonly packed: Uint8Array;
  readonly name: string;
  readonly version: string;
}

export interface VerifiedProvenance {
  /** Id of the key (or subkey) that signed: 16 hex digits. */
  readonly keyId: string;
  /** Fingerprint of its primary key: hex digits. */
  readonly fingerprint: string;
  /** User ids of that key, written by its owner: untrusted text. */
  readonly userIds: readonly string[];
}

/** Every failure is a `provenance-invalid` problem, or `settings-invalid` when the keyring cannot be read. */
export async function verifyProvenance(chart: SignedChart): Promise<Result<VerifiedProvenance>> {
  // A large module, needed only with a keyring.
  const { readCleartextMessage } = await import("openpgp");
  const keys = await attempt(readKeyring(chart.keyring));
  if (!("value" in keys)) return fail(badKeyring(keys.reason));
  const message = await attempt(readCleartextMessage({ cleartextMessage: chart.prov }));
  if (!("value" in message))
    return fail(provenanceInvalid(chart, `it is no clear-signed message (${message.reason})`));
  const signer = await signerOf(message.value, keys.value);
  if (!("value" in signer)) return fail(provenanceInvalid(chart, signer.reason));
  const fault = faultOf(message.value.getText(), chart);
  return fault === undefined ? ok(signer.value) : fail(provenanceInvalid(chart, fault));
}

type Attempt<T> = { readonly value: T } | { readonly reason: string };

/** OpenPGP.js rejects for any invalid input. */
async function attempt<T>(work: Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { reason: types.isNativeError(error) ? error.message : String(error) };
  }
}

async function readKeyring(bytes: Uint8Array): Promise<Key[]> {
  const { readKeys } = await import("openpgp");
  const text = Buffer.from(bytes).toString("latin1");
  return text.includes("-----BEGIN PGP")
    ? readKeys({ armoredKeys: text })
    : readKeys({ binaryKeys: new Uint8Array(bytes) });
}

/** The first signer whose signature is valid; otherwise why the last signature is not. */
async function signerOf(message: CleartextMessage, keys: Key[]): Promise<Attempt<VerifiedProvenance>> {
  const { verify } = await import("openpgp");
  const checked = await attempt(verify({ message, verificationKeys: keys }));
  if (!("value" in checked)) return checked;
  let reason = "it is not signed";
  for (const { keyID, verified } of checked.value.signatures) {
    const result = await attempt(verified);
    const key = keys.find((candidate) => candidate.getKeys(keyID).length > 0);
    if ("value" in result && key !== undefined) return { value: provenanceOf(key, keyID.toHex()) };
    reason = "value" in result ? `key ${keyID.toHex()} is not in the keyring` : result.reason;
  }
  return { reason };
}

function provenanceOf(key: Key, keyId: string): VerifiedProvenance {
  return { keyId, fingerprint: key.getFingerprint(), userIds: key.getUserIDs() };
}

/** Why the signed text does not match the chart; reads only what the signature covers. */
function faultOf(signed: string, { name, version, packed }: SignedChart): string | undefined {
  const [first = "", second, ...more] = signed.split("\n...\n");
  if (second === undefined || more.length > 0)
    return "its text does not have the two parts of a provenance file";
  const metadata = parseMetadata(helmYaml(first, "metadata")?.value);
  if (metadata?.name !== name || metadata.version !== version)
    return `it was made for ${metadata?.name ?? "no chart"} ${metadata?.version ?? ""}`.trimEnd();
  const file = `${name}-${version}.tgz`;
  const signedDigest: unknown = Object(Object(Object(helmYaml(second, "metadata")?.value)["files"]))[file];
  const digest = `sha256:${createHash("sha256").update(packed).digest("hex")}`;
  if (signedDigest === digest) return undefined;
  return typeof signedDigest === "string"
    ? `it is for a ${file} with the digest ${signedDigest}, not ${digest}`
    : `it names no file ${file}`;
}

/** `why` continues the sentence "The provenance does not hold: ". */
export function provenanceInvalid(
  { name, version }: Pick<SignedChart, "name" | "version">,
  why: string,
): Problem {
  return {
    code: "provenance-invalid",
    message: `The provenance of ${name} ${version} does not hold: ${why}.`,
    help: "Sign the chart with `helm package --sign` and a key of the repository's keyring, and publish it anew.",
  };
}

function badKeyring(reason: string): Problem {
  return {
    code: "settings-invalid",
    message: `The chart repository's keyring cannot be read: ${reason}.`,
    help: "Export the public keys again with `gpg --export` (or `gpg --export --armor`) into the keyring file.",
  };
}
