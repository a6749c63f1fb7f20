// A publish's progress as text and as an exit code.

/** The used parts of the response to GET /publishes/ID; the response to the announcement has the first two. */
export interface Followed {
  readonly id: string;
  readonly state: string;
  readonly settled?: boolean;
  readonly pending?: readonly string[];
  readonly chart?: string;
  readonly version?: string;
  readonly problem?: { readonly message: string; readonly help: string };
  readonly promotions?: readonly FollowedPromotion[];
}

interface FollowedPromotion {
  readonly repository: string;
  readonly environment: string;
  readonly state: string;
  /** Together with `unchanged`: it will be proposed when its condition is met. */
  readonly waiting?: boolean;
  readonly because: string;
  readonly help?: string;
  readonly pullRequest?: { readonly url: string };
}

export function isFollowed(answer: unknown): answer is Followed {
  const { id, state } = Object(answer);
  return typeof id === "string" && typeof state === "string";
}

/** 1: somebody has to fix something; 3: not known yet. */
export function exitCodeOf({ state, promotions = [] }: Followed, isSettled: boolean): 0 | 1 | 3 {
  if (state === "rejected" || promotions.some((one) => one.state === "refused")) return 1;
  return isSettled ? 0 : 3;
}

export function inWords({
  id,
  chart,
  version,
  state,
  problem,
  pending = [],
  promotions = [],
}: Followed): string {
  const name = chart === undefined ? id : `${chart} ${version} (${id})`;
  const lines = [
    `${name}: ${state}`,
    ...(problem ? [`  ${problem.message}`, `  ${problem.help}`] : []),
    ...promotions.flatMap(promotionLines),
    ...pending.map((repository) => `  ${repository}: not settled yet`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function promotionLines(promotion: FollowedPromotion): readonly string[] {
  const { repository, environment, state, waiting, because, help, pullRequest } = promotion;
  return [
    `  ${repository} ${environment}: ${waiting === true ? "waiting" : state}, ${because}`,
    ...(pullRequest ? [`    ${pullRequest.url}`] : []),
    ...(help === undefined ? [] : [`    ${help}`]),
  ];
}
