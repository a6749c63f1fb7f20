// Labels that control a pull request; only people with write access, and bots, may change them.

/** Keeps the check pending. */
export const HOLD_LABEL = "promotion/hold";

/** Exempts the check, and the deployment after the merge, from freezes. */
export const EMERGENCY_LABEL = "emergency";

/** A `labeled` or `unlabeled` event. */
export interface LabelEvent {
  readonly action: "labeled" | "unlabeled";
  /** Login; absent for a bot, "" for a deleted account. */
  readonly person?: string;
  readonly at: Date;
}

export const GUARDED_LABELS: readonly string[] = [HOLD_LABEL, EMERGENCY_LABEL];
