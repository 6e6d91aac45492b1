import type { Metadata } from "next";
import { Home } from "@/components/clarify/home";
import { requireUser } from "../require-user";

export const metadata: Metadata = { title: "Your conversations" };

export default async function ClarifyPage() {
  await requireUser("/clarify");
  return <Home />;
}
