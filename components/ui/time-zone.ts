import { createContext, useContext } from "react";
import { ON_SERVER } from "./on-server";

/** The time zone that the browser has told the server. */
export const ToldTimeZone = createContext("UTC");

/** The reader's time zone: in the browser undefined, which is its own. For what a browser never hydrates. */
export function useTimeZone(): string | undefined {
  const told = useContext(ToldTimeZone);
  return ON_SERVER ? told : undefined;
}
