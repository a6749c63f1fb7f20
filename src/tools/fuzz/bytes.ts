// Generates untrusted input: JSON and YAML from fragments that matter to parsers, and plain noise.

import fc from "fast-check";

const WORDS =
  "chart|version|values|source|repository|digest|environments|dev|path|charts|after|freeze|from|to|dependencies|name|urls|entries|apiVersion|type|event_data|resources|tag|action|events|target|__proto__|constructor|/promote|/hold|1.0.0|v2|~1|>=1 <2|*|*a|&a|<<|: |- |? |[|]|{|}|\"|'|#|---|...|\n|\n  |\t|\r|,|null|true|0x1f|.inf|!!binary|| >|\u0000|\ud800|\u2028|%|\\".split(
    "|",
  );

export const words = fc
  .array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: "binary", maxLength: 8 })), { maxLength: 60 })
  .map((parts) => parts.join(""));

const keyed = fc.dictionary(
  fc.constantFrom(...WORDS),
  fc.oneof(fc.constantFrom<unknown>(...WORDS), fc.jsonValue(), fc.array(fc.jsonValue())),
);

/** JSON objects with meaningful keys, any JSON, or a sequence of words. */
export const documents = fc.oneof(
  keyed.map((value) => JSON.stringify(value)),
  fc.json(),
  words,
);

/** As deeply nested or as often repeated as fits in a few kilobytes. */
export const long = fc
  .tuple(fc.constantFrom(...WORDS), fc.nat({ max: 4_000 }), words)
  .map(([word, times, rest]) => word.repeat(times) + rest);
