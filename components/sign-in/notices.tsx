"use client";

import Link from "next/link";
import { LINK } from "@/components/ui/link";
import { useWords } from "@/components/words/words";
import type { AccountProblem } from "@/server/auth/accounts";

/** Why something was refused. */
export function Refusal({ problem }: { problem: AccountProblem }) {
  return (
    <p role="alert" className="rounded-xl bg-ember-wash px-3.5 py-2.5 text-ember text-sm">
      {useWords().signIn.problems[problem]}
    </p>
  );
}

/** Says that a mail was sent, with a link to the mails if this machine shows them. */
export function MailSent({ text, mailsHere }: { text: string; mailsHere: boolean }) {
  const { signIn } = useWords();
  return (
    <div role="status" className="rounded-xl border border-line bg-sheet px-4 py-3 leading-7">
      <p>{text}</p>
      {mailsHere && (
        <p className="mt-2">
          <Link href="/mails" prefetch={false} className={LINK}>
            {signIn.readMails}
          </Link>
        </p>
      )}
    </div>
  );
}
