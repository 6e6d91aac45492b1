import "server-only";
import { redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { signInPath } from "@/components/sign-in/return-path";

/** Redirects people who are not signed in to the sign-in page, which leads back to the path. */
export async function requireUser(path: string) {
  return (await getCurrentUser()) ?? redirect(signInPath(path));
}
