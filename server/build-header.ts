/** The header in which the server says which build answers. Alone in its file, because every error page needs it. */
export const BUILD_HEADER = "x-clarify-build";
