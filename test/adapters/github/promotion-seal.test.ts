// The App's own word in a commit message: for one repository, one branch and this message.

import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "@jest/globals";
import { promotionSeals } from "../../../src/adapters/github/promotion-seal.ts";

const BRANCH = "promote/dev/xposer";
const BODY = "From 1.0.0.\n\nChart: xposer\nChart-Version: 1.0.1";
const KEY = newKey();
const here = promotionSeals(KEY)(1);
const { headline, body } = here.seal({ headline: "Promote xposer", body: BODY }, BRANCH);
const whole = `${headline}\n\n${body}`;

function newKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return String(privateKey.export({ type: "pkcs1", format: "pem" }));
}

test("what was sealed is sealed, with line ends and blanks as Git and GitHub leave them", () => {
  expect(body).toMatch(/\nPromotion-Seal: [\w-]{43}$/);
  expect(here.isSealed(whole, BRANCH)).toBe(true);
  expect(here.isSealed(`${whole}\n\n`, BRANCH)).toBe(true);
  expect(here.isSealed(whole.replaceAll("\n", "\r\n"), BRANCH)).toBe(true);
});

test.each([
  ["in another repository", promotionSeals(KEY)(2).isSealed(whole, BRANCH)],
  ["on another branch", here.isSealed(whole, "promote/prod/xposer")],
  ["by another App's key", promotionSeals(newKey())(1).isSealed(whole, BRANCH)],
  ["with another headline", here.isSealed(`Another\n\n${body}`, BRANCH)],
  ["with another version", here.isSealed(whole.replace("1.0.1", "99.0.0"), BRANCH)],
  [
    "with a trailer more",
    here.isSealed(whole.replace("\nPromotion", "\nRolled-Back-From: 1.0.2\nPromotion"), BRANCH),
  ],
  ["with a trailer below it", here.isSealed(`${whole}\nChart-Version: 99.0.0`, BRANCH)],
  ["with another paragraph", here.isSealed(`${whole}\n\nChart: xposer\nChart-Version: 99.0.0`, BRANCH)],
  ["without a seal", here.isSealed(`${headline}\n\n${BODY}`, BRANCH)],
  ["with an empty one", here.isSealed(`${headline}\n\n${BODY}\nPromotion-Seal: `, BRANCH)],
])("%s it is not", (_what, isSealed) => {
  expect(isSealed).toBe(false);
});

test("a message without a promotion's trailers is left as it is", () => {
  expect(here.seal({ headline: "Add a config file", body: "Words." }, "x")).toEqual({
    headline: "Add a config file",
    body: "Words.",
  });
});
