// Labels that decide what becomes of a pull request; only people with write access, and bots, change them.

/** The check does not succeed while it is on. */
export const HOLD_LABEL = "promotion/hold";

/** Neither the check nor the deployment after the merge waits for a freeze. */
export const EMERGENCY_LABEL = "emergency";

/** One of these, or another, was put on or taken off. */
export interface LabelEvent {
  readonly action: "labeled" | "unlabeled";
  /** Absent where a bot did it, "" where the account is gone. */
  readonly person?: string;
  readonly at: Date;
}

export const GUARDED_LABELS: readonly string[] = [HOLD_LABEL, EMERGENCY_LABEL];
