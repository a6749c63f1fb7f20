// `oci://registry.example.com/charts/web:1.2.3`: a chart in a registry other than the chart repository's.

import type { ChartRepository } from "../../../domain/model/config/settings.ts";
import { reachOf } from "../http/authorization.ts";
import { parseImageName } from "./image-name.ts";
import { tagOf } from "./oci-chart.ts";
import { Registry } from "./registry.ts";
import { registryOrigin } from "./registry-origin.ts";

export interface OciReference {
  /** With a port if it has one. */
  readonly host: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** Without a tag or digest, the version's tag is used. `undefined` when it is not a chart reference. */
export function parseOciReference(address: string, version: string): OciReference | undefined {
  const name = address.replace(/^oci:\/\//i, "");
  const last = name.slice(name.lastIndexOf("/") + 1);
  const whole = /[:@]/.test(last) ? name.replaceAll("+", "_") : `${name}:${tagOf(version)}`;
  return parseImageName(whole);
}

/** The repository's credentials are sent to its own host only, unless `passCredentials` is set. */
export function openReference({ host, repository }: OciReference, from: ChartRepository): Registry {
  const { credentials, passCredentials, fetchFrom } = from;
  const isKnown = passCredentials === true || new URL(fetchFrom.replace(/^oci:/, "https:")).host === host;
  return new Registry({
    origin: registryOrigin(host),
    repository,
    reach: reachOf(from),
    ...(isKnown && credentials.kind === "basic" && { login: credentials }),
    ...(isKnown && credentials.kind === "bearer" && { authorization: `Bearer ${credentials.token}` }),
  });
}
