// The branch of the onboarding pull request, which records that a config file was offered, whether open or closed.

export const ONBOARDING_BRANCH = "chart-promoter/onboarding";
