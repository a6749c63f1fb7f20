// The App's seal in a commit message. GitHub's signature proves who committed, not who wrote the message: whoever
// squashes the App's pull request writes a message that GitHub signs as the App's, and a commit of one repository can
// be pushed to another.

import { createHmac, createPrivateKey, hkdfSync, timingSafeEqual } from "node:crypto";

const TRAILER = "Promotion-Seal: ";
/** The trailer that only promotions have. */
const SEALED = "Chart: ";
/** Far above a promotion of hundreds of charts, in characters. GitHub also signs people's messages of megabytes. */
const LONGEST = 2 ** 18;

interface Message {
  readonly headline: string;
  readonly body: string;
}

/** The seal for one repository. */
export interface PromotionSeal {
  /**
   * The message with a trailer that only the App can compute, for this branch and this message; unchanged when it is
   * not a promotion's.
   */
  readonly seal: (message: Message, branch: string) => Message;
  /** Whether the App wrote this message for this branch. */
  readonly isSealed: (message: string, branch: string) => boolean;
}

/** `privateKey`: of the App. It must be long and random, as values derived from it are public. */
export function promotionSeals(privateKey: string): (repositoryId: number) => PromotionSeal {
  let key: Buffer | undefined;
  const sealOf = (repositoryId: number, branch: string, message: readonly string[]) => {
    key ??= keyFrom(privateKey);
    const sealed = JSON.stringify([repositoryId, branch, message]);
    return createHmac("sha256", key).update(sealed).digest("base64url");
  };
  return (repositoryId) => ({
    seal: ({ headline, body }, branch) => {
      const lines = linesOf(`${headline}\n\n${body}`);
      if (!lines.some((line) => line.startsWith(SEALED))) return { headline, body };
      return { headline, body: `${body.trimEnd()}\n${TRAILER}${sealOf(repositoryId, branch, lines)}` };
    },
    isSealed: (message, branch) => {
      if (message.length > LONGEST) return false;
      const lines = linesOf(message);
      const seal = lines.at(-1) ?? "";
      if (!seal.startsWith(TRAILER)) return false;
      return isSame(seal.slice(TRAILER.length), sealOf(repositoryId, branch, lines.slice(0, -1)));
    },
  });
}

function keyFrom(privateKey: string): Buffer {
  const der = createPrivateKey(privateKey).export({ type: "pkcs8", format: "der" });
  return Buffer.from(hkdfSync("sha256", der, "", "chart-promoter promotion seal", 32));
}

/** Normalises line endings, which Git and GitHub may change. */
function linesOf(message: string): readonly string[] {
  return message
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
