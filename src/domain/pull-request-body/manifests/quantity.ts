// Kubernetes quantities as numbers (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/).

const SUFFIX: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** `undefined` for anything that is no quantity. */
export function quantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  const match =
    typeof value === "string"
      ? /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]{0,2})$/.exec(value)
      : null;
  const factor = SUFFIX[match?.[2] ?? ""];
  return match?.[1] === undefined || factor === undefined ? undefined : Number(match[1]) * factor;
}
