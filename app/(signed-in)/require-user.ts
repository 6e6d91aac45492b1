import "server-only";
import { redirect } from "next/navigation";
import { signInPath } from "@/components/sign-in/return-path";
import { getCurrentUser } from "@/server/auth/current-user";

/** Leads whoever is not signed in to the sign-in page, and from there back to the path. */
export async function requireUser(path: string) {
  return (await getCurrentUser()) ?? redirect(signInPath(path));
}
