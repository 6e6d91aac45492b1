import { redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { readPreferences, titled } from "@/app/preferences";
import { followLinkAction } from "@/app/sign-in/actions";
import { EntrancePage } from "@/components/sign-in/entrance-page";
import { ConfirmForm } from "@/components/sign-in/forms";
import { returnPathOf, signInNotice } from "@/components/sign-in/return-path";

export const generateMetadata = titled(({ signIn }) => signIn.confirm.page);

/** The target of the links in our mails (supabase/templates). */
export default async function ConfirmPage({ searchParams }: PageProps<"/auth/confirm">) {
  const { token_hash: tokenHash, type, redirect_to: redirectTo } = await searchParams;
  if (typeof tokenHash !== "string" || typeof type !== "string") redirect(signInNotice("linkOver"));
  const user = await getCurrentUser();
  const { confirm } = (await readPreferences()).words.signIn;
  const title = { signup: confirm.address, recovery: confirm.password, invite: confirm.invitation }[type];
  return (
    <EntrancePage title={title ?? confirm.signIn} purpose={confirm.text}>
      <ConfirmForm
        action={followLinkAction}
        link={{ tokenHash, type, next: returnPathOf(redirectTo) }}
        signedInAs={user?.email ?? null}
      />
    </EntrancePage>
  );
}
