import { redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";

export default async function HomePage() {
  redirect((await getCurrentUser()) === null ? "/sign-in" : "/clarify");
}
