import type { Metadata } from "next";
import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { NoticePage } from "@/components/ui/notice-page";

export const metadata: Metadata = { title: "Not found" };

export default function NotFound() {
  return (
    <main className="flex min-h-dvh">
      <NoticePage
        title="There is nothing here"
        actions={
          <Link href="/clarify" className={buttonClass("primary")}>
            Go to your conversations
          </Link>
        }
      >
        The page you were looking for does not exist. Perhaps the address lost a letter on the way.
      </NoticePage>
    </main>
  );
}
