import Link from "next/link";
import { redirect } from "next/navigation";
import { getCurrentUser, isDemoAvailable } from "@/app/current-user";
import { AccountForm, DemoForm } from "@/components/sign-in/forms";
import { safeReturnPath, signInPath } from "@/components/sign-in/return-path";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { readPreferences, titled } from "../preferences";
import { continueAsDemoAction, signInAction, signUpAction } from "./actions";

export const generateMetadata = titled(({ signIn }) => signIn.page);

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const params = await searchParams;
  const next = safeReturnPath(params.next);
  if ((await getCurrentUser()) !== null) redirect(next);
  const signingUp = params.mode === "sign-up";
  const { signIn } = (await readPreferences()).words;

  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-6 py-12">
      <MirrorMark className="mb-6 size-12 text-water" />
      <h1 className="text-3xl leading-tight">{signingUp ? signIn.beginHere : signIn.welcome}</h1>
      <p className="mt-2 mb-8 font-serif text-ink-soft text-lg leading-8">{signIn.purpose}</p>

      <AccountForm
        key={signingUp ? "sign-up" : "sign-in"}
        mode={signingUp ? "sign-up" : "sign-in"}
        action={signingUp ? signUpAction : signInAction}
        next={next}
      />
      {isDemoAvailable() && (
        <>
          <p className="my-5 flex items-center gap-4 text-ink-soft text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
            {signIn.orLookAround}
          </p>
          <DemoForm action={continueAsDemoAction} next={next} />
        </>
      )}
      <p className="mt-8 text-ink-soft text-sm">
        {signingUp ? signIn.beenHere : signIn.newHere}{" "}
        <Link
          href={signingUp ? signInPath(next) : signInPath(next, "sign-up")}
          className="inline-block py-1 font-medium text-water underline underline-offset-4 hover:text-water-deep"
        >
          {signingUp ? signIn.signIn : signIn.createAnAccount}
        </Link>
      </p>
    </main>
  );
}
