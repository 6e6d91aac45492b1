/** The page that says what this is. */
export const ABOUT = "/about";
/** The help lines on it. */
export const HELP_LINES = `${ABOUT}#help`;
