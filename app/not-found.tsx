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
          // Every page loads the scripts of this one, and a plain link needs none.
          <a href="/clarify" className={buttonClass("primary")}>
            {notFound.onward}
          </a>
        }
      >
        {notFound.text}
      </NoticePage>
    </main>
  );
}
