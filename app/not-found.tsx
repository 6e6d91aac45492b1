import Link from "next/link";
import { buttonClass } from "@/components/ui/button";
import { NoticePage } from "@/components/ui/notice-page";
import { readPreferences, titled } from "./preferences";

export const generateMetadata = titled(({ notFound }) => notFound.page);

export default async function NotFound() {
  const { notFound } = (await readPreferences()).words;
  return (
    <main className="flex min-h-dvh">
      <NoticePage
        title={notFound.title}
        actions={
          <Link href="/clarify" className={buttonClass("primary")}>
            {notFound.onward}
          </Link>
        }
      >
        {notFound.text}
      </NoticePage>
    </main>
  );
}
