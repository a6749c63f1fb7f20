// Plain data as Helm prints it, and what it is once a value is set in it.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonMap = { readonly [key: string]: Json };
export type Path = readonly (string | number)[];

/** Maps are laid over maps, key by key; everything else takes the place of what was there. */

export function withValue(data: Json | undefined, [step, ...rest]: Path, value: Json): Json {
  if (step === undefined) return laid(data, value);
  if (typeof step === "number") {
    const list = isList(data) ? data : [];
    return list.slice(0, step).concat([withValue(list[step], rest, value)], list.slice(step + 1));
  }
  const map = isMap(data) ? data : {};
  return { ...map, [step]: withValue(Object.hasOwn(map, step) ? map[step] : undefined, rest, value) };
}

function laid(data: Json | undefined, value: Json): Json {
  if (!isMap(value) || !isMap(data)) return value;
  const keys = Object.keys(value);
  return keys.reduce<Json>((map, key) => withValue(map, [key], value[key] ?? null), data);
}

export function valueAt(data: Json | undefined, path: Path): Json | undefined {
  return path.reduce<Json | undefined>((here, step) => {
    if (typeof step === "number") return isList(here) ? here[step] : undefined;
    return isMap(here) && Object.hasOwn(here, step) ? here[step] : undefined;
  }, data);
}

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
