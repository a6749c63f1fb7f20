// Queries over many repositories of one installation.

import { glanceAtMany } from "./glances.ts";
import { statesOfMany } from "./states.ts";

export const MANY = { statesOfMany, glanceAtMany };
