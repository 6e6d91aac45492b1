import type { FormEvent } from "react";
import { useState } from "react";
import { describeError, refusedFields } from "@/components/trpc/errors";
import { accountQuery } from "@/components/trpc/queries";
import { useWriteCached } from "@/components/trpc/query-cache";
import { trpc } from "@/components/trpc/trpc";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/form-field";
import { textProblem } from "@/components/ui/text-problem";
import { useToast } from "@/components/ui/toasts";
import { useSpeech } from "@/components/words/words";
import { FIELD_LIMITS } from "@/server/field-limits";

/** The person's name. A change shows at once, and is reverted when the server refuses it. */
export function NameForm({ name }: { name: string }) {
  const utils = trpc.useUtils();
  const write = useWriteCached();
  const toast = useToast();
  const speech = useSpeech();
  const { words } = speech;
  const [entered, setEntered] = useState(name);
  const [problem, setProblem] = useState<string>();

  async function save(event: FormEvent) {
    event.preventDefault();
    const found = textProblem(
      words.account.whatToCallYou,
      entered,
      { limit: FIELD_LIMITS.accountName, required: true },
      speech,
    );
    setProblem(found ?? undefined);
    if (found !== null) return;
    const { queryKey } = accountQuery(utils.client);
    const showName = (shown: string) => write(queryKey, (account) => account && { ...account, name: shown });
    showName(entered.trim());
    try {
      const saved = await utils.client.account.update.mutate({ name: entered });
      write(queryKey, () => saved);
      void utils.clarifyContext.get.invalidate();
      toast({ text: words.common.saved });
    } catch (error) {
      showName(name);
      setProblem(refusedFields(error, words).name ?? describeError(error, words).message);
    }
  }

  return (
    <form
      aria-label={words.account.yourName}
      noValidate
      onSubmit={(event) => void save(event)}
      className="flex flex-col gap-3"
    >
      <TextField
        label={words.account.whatToCallYou}
        error={problem}
        required
        name="name"
        autoComplete="name"
        value={entered}
        onChange={(event) => {
          setEntered(event.target.value);
          setProblem(undefined);
        }}
        className="max-w-sm"
      />
      <Button look="quiet" type="submit" className="self-start" disabled={entered.trim() === name}>
        {words.common.save}
      </Button>
    </form>
  );
}
