import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { Handbook } from "@/components/insights/handbook";
import { getDeps } from "@/server/deps";

export const metadata: Metadata = { title: "Operations" };

/** OPERATIONS.md, for operators. Others get a 404. */
export default async function Page() {
  const user = await getCurrentUser();
  if (user === null || !getDeps().isOperator(user)) notFound();
  return <Handbook text={await readFile(join(process.cwd(), "OPERATIONS.md"), "utf8")} />;
}
