import { headers } from "next/headers";
import Link from "next/link";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { getCurrentUser, isDemoAvailable } from "@/app/current-user";
import { ABOUT } from "@/components/about/paths";
import { EntrancePage } from "@/components/sign-in/entrance-page";
import { AccountForm, DemoForm } from "@/components/sign-in/forms";
import { Refusal } from "@/components/sign-in/notices";
import type { SignInMode } from "@/components/sign-in/return-path";
import { SIGN_IN_MODES, safeReturnPath, signInPath } from "@/components/sign-in/return-path";
import { buttonClass } from "@/components/ui/button";
import { LINK } from "@/components/ui/link";
import type { Words } from "@/components/words/speech";
import { createSpeech } from "@/components/words/speech";
import { readableMails } from "@/server/auth/mail-folder";
import { OAUTH_NAMES } from "@/server/auth/oauth";
import { getDeps } from "@/server/deps";
import { readPreferences } from "../preferences";
import { continueAsDemoAction, sendLinkAction, sendResetAction, signInAction, signUpAction } from "./actions";

export async function generateMetadata({ searchParams }: PageProps<"/sign-in">) {
  const { signIn } = (await readPreferences()).words;
  return { title: { "sign-in": signIn.page, ...titlesByMode(signIn) }[modeOf(await searchParams)] };
}

const ACTIONS = {
  "sign-in": signInAction,
  "sign-up": signUpAction,
  link: sendLinkAction,
  reset: sendResetAction,
} as const;

/** The notices that an address may show. */
const NOTICES = [
  "removed",
  "demoEnded",
  "linkOver",
  "notFinished",
  "closed",
  "unreachable",
  "tooManyAttempts",
] as const;

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const params = await searchParams;
  const next = safeReturnPath(params.next);
  if ((await getCurrentUser()) !== null) redirect(next);
  const { env } = getDeps();
  const { words, language } = await readPreferences();
  const { signIn } = words;
  const mode = modeOf(params);
  const notice = NOTICES.find((each) => each === params.notice);
  const closed = env.REGISTRATION === "closed";
  const byMail = mode === "link" || mode === "reset";
  const titles = { ...titlesByMode(signIn), "sign-in": signIn.welcome, "sign-up": signIn.beginHere };
  const purpose = { link: signIn.linkPurpose, reset: signIn.resetPurpose };

  return (
    <EntrancePage title={titles[mode]} purpose={byMail ? purpose[mode] : signIn.purpose}>
      {notice !== undefined && (
        <div className="mb-4">
          <Refusal problem={notice} />
        </div>
      )}
      {mode === "sign-up" && closed ? (
        <p className="leading-7">{signIn.registrationClosed}</p>
      ) : (
        <AccountForm
          key={mode}
          mode={byMail ? "mail" : mode}
          action={ACTIONS[mode]}
          next={next}
          mailsHere={readableMails(await headers(), env) !== null}
        />
      )}
      {!byMail && env.OAUTH_PROVIDERS.length > 0 && (
        <ul className="mt-4 flex flex-col gap-2">
          {env.OAUTH_PROVIDERS.map((provider) => (
            <li key={provider}>
              {/* The page's policy does not let a form lead to another site, and a link of Next.js would be prefetched. */}
              <a
                href={`/auth/oauth/${provider}?${new URLSearchParams({ next })}`}
                className={buttonClass("quiet", "min-h-11 w-full text-base")}
              >
                {createSpeech(language, words).fill(signIn.elsewhere, { service: OAUTH_NAMES[provider] })}
              </a>
            </li>
          ))}
        </ul>
      )}
      {!byMail && isDemoAvailable() && (
        <>
          <p className="my-5 flex items-center gap-4 text-ink-soft text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            {signIn.orLookAround}
          </p>
          <DemoForm action={continueAsDemoAction} next={next} />
          <p className="mt-2 text-ink-soft text-sm leading-6">{signIn.demoHelp}</p>
        </>
      )}
      <div className="mt-8 flex flex-col items-start gap-1 text-ink-soft text-sm">
        <p>
          <Link href={ABOUT} className={LINK}>
            {words.app.about}
          </Link>
        </p>
        {mode === "sign-in" && <Other next={next} mode="reset" text={signIn.forgotten} />}
        {mode === "sign-in" && <Other next={next} mode="link" text={signIn.byMail} />}
        {byMail && <Other next={next} text={signIn.byPassword} />}
        {mode === "sign-up" && (
          <Other next={next} text={signIn.signIn}>
            {signIn.beenHere}{" "}
          </Other>
        )}
        {mode === "sign-in" && closed && <p className="py-1">{signIn.registrationClosed}</p>}
        {mode === "sign-in" && !closed && (
          <Other next={next} mode="sign-up" text={signIn.createAnAccount}>
            {signIn.newHere}{" "}
          </Other>
        )}
      </div>
    </EntrancePage>
  );
}

function modeOf({ mode }: Record<string, string | string[] | undefined>): SignInMode | "sign-in" {
  return SIGN_IN_MODES.find((each) => each === mode) ?? "sign-in";
}

function titlesByMode({ createAnAccount, linkTitle, resetTitle }: Words["signIn"]): Record<SignInMode, string> {
  return { "sign-up": createAnAccount, link: linkTitle, reset: resetTitle };
}

interface OtherProps {
  next: string;
  mode?: SignInMode;
  text: string;
  children?: ReactNode;
}

/** A link to another mode of the page. */
function Other({ next, mode, text, children }: OtherProps) {
  return (
    <p>
      {children}
      <Link href={signInPath(next, mode)} className={LINK}>
        {text}
      </Link>
    </p>
  );
}
