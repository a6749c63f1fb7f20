// The type that Helm gives a `--set` value by its look (helm/helm pkg/strvals, typedVal).

/** An integer is a Go int64. Everything else that looks like a number (`1.5`, `007`, `0x1`) is a text to Helm. */
export function typedValue(text: string): string | bigint | boolean | null {
  const word = text.toLowerCase().replaceAll("ſ", "s");
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  return text === "0" || !text.startsWith("0") ? (parseInt64(text) ?? text) : text;
}

/** Go's strconv.ParseInt in base 10. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.replace(/^\+/, ""));
  return value === BigInt.asIntN(64, value) ? value : undefined;
}
