import { redirect } from "next/navigation";
import { getCurrentUser } from "@/server/auth/current-user";

export default async function HomePage() {
  redirect((await getCurrentUser()) === null ? "/sign-in" : "/clarify");
}
