import type { FormEvent } from "react";
import { useState } from "react";
import { describeError } from "@/components/trpc/errors";
import { trpc } from "@/components/trpc/trpc";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/form-field";
import { useWords } from "@/components/words/words";
import { useSignOut } from "./use-sign-out";

/** Removes the account with all its data, after the person has typed its e-mail address. */
export function RemoveAccount({ email }: { email: string }) {
  const { client } = trpc.useUtils();
  const signOut = useSignOut();
  const words = useWords();
  const { account } = words;
  const [entered, setEntered] = useState("");
  const [problem, setProblem] = useState<string>();
  const [removing, setRemoving] = useState(false);

  async function remove(event: FormEvent) {
    event.preventDefault();
    if (removing) return;
    setRemoving(true);
    try {
      await client.account.remove.mutate({ email: entered.trim() });
    } catch (error) {
      const { code, message } = describeError(error, words);
      setProblem(code === "BAD_REQUEST" ? account.notYourEmail : message);
      setRemoving(false);
      return;
    }
    await signOut("removed");
  }

  return (
    <form aria-label={account.removeYours} noValidate onSubmit={(event) => void remove(event)}>
      <p className="mb-4 leading-7">{account.removeText}</p>
      <TextField
        label={account.emailToBeSure}
        help={email}
        error={problem}
        name="email"
        type="email"
        autoComplete="off"
        value={entered}
        onChange={(event) => {
          setEntered(event.target.value);
          setProblem(undefined);
        }}
        className="max-w-sm"
      />
      <Button
        look="quiet"
        type="submit"
        aria-busy={removing}
        disabled={entered.trim() === ""}
        className="mt-4 text-ember hover:bg-ember-wash"
      >
        {removing ? account.removing : account.removeMine}
      </Button>
    </form>
  );
}
