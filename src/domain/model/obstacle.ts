// An obstacle to promotions that no pull request shows.

export interface Obstacle {
  /** `folder`: of the environment's folder or branch, for every version; `promotion`: of what would be promoted now. */
  readonly of: "folder" | "promotion";
  readonly environment: string;
  /** Absent when it concerns every chart of the environment. */
  readonly chart?: string;
  /** One sentence. */
  readonly message: string;
  /** What the reader can do about it: one sentence in the imperative. */
  readonly help: string;
}
