/** Changes that nobody could see, as `actions.mjs` prints them, each with the reason. */
export const EQUIVALENTS = [];
