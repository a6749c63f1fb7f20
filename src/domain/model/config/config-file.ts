// The config file of a config repository, by its path there.

export const CONFIG_FILE = ".github/chart-promoter.yml";
