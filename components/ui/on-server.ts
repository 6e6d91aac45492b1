/** Whether this is the server, where a page's HTML is made. Only for what a browser never hydrates: elsewhere both must render the same. */
export const ON_SERVER = typeof window === "undefined";
