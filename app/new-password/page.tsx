import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getCurrentUser } from "@/app/current-user";
import { readPreferences, titled } from "@/app/preferences";
import { choosePasswordAction, endOthersAction } from "@/app/sign-in/actions";
import { EntrancePage } from "@/components/sign-in/entrance-page";
import { NewPasswordForm } from "@/components/sign-in/forms";
import { HOME, signInPath } from "@/components/sign-in/return-path";
import { createSpeech } from "@/components/words/speech";
import { readableMails } from "@/server/auth/mail-folder";
import { getDeps } from "@/server/deps";

export const generateMetadata = titled(({ signIn }) => signIn.choose.page);

/** A signed-in person chooses a new password here, usually after following the link of a mail. */
export default async function NewPasswordPage() {
  const user = await getCurrentUser();
  if (user === null) redirect(signInPath(HOME, "reset"));
  const { words, language } = await readPreferences();
  const { choose } = words.signIn;
  const purpose = createSpeech(language, words).fill(choose.purpose, { email: user.email });
  return (
    <EntrancePage title={choose.page} purpose={purpose}>
      <NewPasswordForm
        action={choosePasswordAction}
        endOthers={endOthersAction}
        email={user.email}
        mailsHere={readableMails(await headers(), getDeps().env) !== null}
      />
    </EntrancePage>
  );
}
