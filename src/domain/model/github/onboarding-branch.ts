// The branch from which a first config file is offered. Its pull request is the record of that, open or not.

export const ONBOARDING_BRANCH = "chart-promoter/onboarding";
