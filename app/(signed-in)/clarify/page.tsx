import { titled } from "@/app/preferences";
import { Home } from "@/components/clarify/home";
import { requireUser } from "../require-user";

export const generateMetadata = titled(({ app }) => app.conversations);

export default async function ClarifyPage() {
  await requireUser("/clarify");
  return <Home />;
}
