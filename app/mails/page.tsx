import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { LINK } from "@/components/ui/link";
import { LANGUAGE_FACTS } from "@/components/words/language";
import { createSpeech } from "@/components/words/speech";
import { readableMails, readMails } from "@/server/auth/mail-folder";
import { getDeps } from "@/server/deps";
import { readPreferences, titled } from "../preferences";

export const generateMetadata = titled(({ mails }) => mails.page);

/** The mails that the embedded stack would have sent, newest first. 404 for anybody who is not on the machine itself. */
export default async function MailsPage() {
  const folder = readableMails(await headers(), getDeps().env);
  if (folder === null) notFound();
  const { words, language } = await readPreferences();
  const { fill } = createSpeech(language, words);
  const times = new Intl.DateTimeFormat(LANGUAGE_FACTS[language].locale, { dateStyle: "medium", timeStyle: "short" });
  const mails = await readMails(folder);
  return (
    <main className="mx-auto w-full max-w-2xl px-6 py-12">
      <h1 className="text-3xl leading-tight">{words.mails.page}</h1>
      <p className="mt-2 mb-8 font-serif text-ink-soft text-lg leading-8">{words.mails.purpose}</p>
      {mails.length === 0 && <p>{words.mails.none}</p>}
      <ul className="flex flex-col gap-4">
        {mails.map(({ id, to, subject, sentAt, path }) => (
          <li key={id} data-testid="mail" data-to={to} className="rounded-xl border border-line bg-sheet px-4 py-3">
            <h2 className="text-lg">{subject}</h2>
            <p className="text-ink-soft text-sm">
              {fill(words.mails.to, { address: to, time: times.format(new Date(sentAt)) })}
            </p>
            {path !== null && (
              <a href={path} className={LINK}>
                {words.mails.follow}
              </a>
            )}
          </li>
        ))}
      </ul>
    </main>
  );
}
