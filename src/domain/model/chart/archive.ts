// A packed chart, opened: the input of the pull request text, the checks and the vendored copy.

/** The fields of a packed chart's Chart.yaml that are used here. Texts come from the publisher and must be escaped. */
export interface ChartMetadata {
  readonly apiVersion: "v1" | "v2";
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly kubeVersion?: string;
  readonly description?: string;
  readonly deprecated: boolean;
  readonly home?: string;
  readonly sources: readonly string[];
  readonly annotations: { readonly [key: string]: string };
  readonly dependencies: readonly {
    readonly name: string;
    readonly version: string;
    readonly repository: string;
    readonly alias?: string;
  }[];
}

export interface Archive {
  /** `sha256:` and 64 hex digits, of the packed bytes. */
  readonly digest: string;
  readonly metadata: ChartMetadata;
  /** Every regular file by its path relative to the chart's own folder (`values.yaml`, `charts/redis/Chart.yaml`). */
  readonly files: ReadonlyMap<string, Uint8Array>;
}
