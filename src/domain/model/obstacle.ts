// What keeps promotions from being opened and shows on no pull request.

export interface Obstacle {
  /** Of the environment's folder and branch, whatever is published; or of what is to be promoted there now. */
  readonly of: "folder" | "promotion";
  readonly environment: string;
  /** Absent where it concerns every chart of the environment. */
  readonly chart?: string;
  /** One sentence. */
  readonly message: string;
  /** What the reader can do about it: one sentence in the imperative. */
  readonly help: string;
}
