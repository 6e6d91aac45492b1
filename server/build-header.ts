/** The response header with the id of the running build. Alone in its file, because every error page needs it. */
export const BUILD_HEADER = "x-clarify-build";
