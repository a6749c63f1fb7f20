// What can be asked of many repositories of one installation at once.

import { glanceAtMany } from "./glances.ts";
import { statesOfMany } from "./states.ts";

export const MANY = { statesOfMany, glanceAtMany };
