// Path of the config file in a config repository.

export const CONFIG_FILE = ".github/chart-promoter.yml";
