// Keys and scalars for generated values files: harmless ones, and ones that parsers get wrong.

export const KEYS = [
  ...(["image", "tag", "env", "name", "replicas", "resources", "a", "b", "c", "config", "enabled"] as const),
  ...(["app.kubernetes.io/name", "on", "y", "null", "1", "1.5", "with space", "x-y_z", "e=f", "é"] as const),
] as const;

/** Plain scalars without comma, bracket or colon, valid anywhere. */
export const PLAIN = [
  ...(["v1", "1.10", "1", "8080", "0.5", "true", "no", "null", "~", "0123", "0x1f", "1e3", "1_000"] as const),
  ...(["2020-01-01", "12:30", "nginx", "repo/app", "a b  c", "-5", "+1", ".5", "x#y", "é😀", "Yes"] as const),
] as const;

export const DOUBLE = [
  ...(['""', '"1.10"', '"a\\nb"', '"é"', '"\\u2028"', '"x: y"', '"#"', '"true"', '" x "'] as const),
  ...(['"a\\\\b"', '"{{ x }}"', '"a,b"', '"say \\"hi\\""', '"/"'] as const),
] as const;

export const SINGLE = [
  "''",
  "'1.10'",
  "'it''s'",
  "'x: y'",
  "'#'",
  "' '",
  "'\\n'",
  "'[a]'",
  "'null'",
] as const;

export const TAGGED = [
  "!!str 1.10",
  '!!int "80"',
  "!!float 1",
  "!foo bar",
  "!!str null",
  "!!binary aGk=",
] as const;

/** The lines of block scalars. */
export const LINES = ["text", "a: b", "# no comment", "  deeper", "- x", "", "last", "{{ x }}", "é"] as const;
