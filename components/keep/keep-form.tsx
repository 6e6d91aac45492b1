import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { usePageState } from "@/components/conversation/state/page-state";
import type { DreamDraft } from "@/components/dreams/dream-draft";
import { DreamForm } from "@/components/dreams/dream-form";
import { useDreamActions } from "@/components/dreams/use-dream-actions";
import { useKeptChange } from "@/components/lists/use-kept-form";
import type { ReflectionDraft } from "@/components/reflections/reflection-draft";
import { DREAMS_TO_CHOOSE_FROM } from "@/components/reflections/reflection-draft";
import { ReflectionForm } from "@/components/reflections/reflection-form";
import { useReflectionActions } from "@/components/reflections/use-reflection-actions";
import { trpc } from "@/components/trpc/trpc";
import { useItemForm } from "@/components/ui/draft-form";
import Sheet from "@/components/ui/sheet";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import { dreamInWords, reflectionInWords } from "./kept-words";

interface KeepFormProps {
  messageId: string;
  words: string;
}

/** The form of a dream in a message's words. Nothing is stored before it is saved; closing the sheet keeps what was written. */
export function KeepAsDream({ sessionId, messageId, words }: KeepFormProps & { sessionId: string }) {
  const { newConversations } = usePageState();
  const { conversation, common } = useWords();
  const { create } = useDreamActions();
  const sayKept = useSayKept("dream");
  const initial = dreamInWords(words);
  const kept = useKeptChange(`keep-dream:${messageId}`, initial);
  const { form, close, submit } = useItemForm<DreamDraft>({
    initial: kept.read() ?? initial,
    async save(draft) {
      const isStored = newConversations.read(sessionId) === null;
      const refused = await create(draft, isStored ? sessionId : null);
      if (refused !== null) return refused;
      kept.clear(draft);
      sayKept();
      return null;
    },
    onClose: () => {},
  });
  if (form === null) return null;
  return (
    <KeepSheet title={conversation.keepAs.dream} onClose={close}>
      <DreamForm
        name={conversation.keepAs.dream}
        initial={form.draft}
        refused={form.refused}
        saveLabel={common.keepIt}
        onSave={(draft) => void submit(draft)}
        onChange={kept.write}
        onCancel={() => {
          kept.clear();
          close();
        }}
      />
    </KeepSheet>
  );
}

/** The form of a reflection in a message's words, kept as that of a dream. */
export function KeepAsReflection({ messageId, words }: KeepFormProps) {
  const { conversation, common } = useWords();
  const { create } = useReflectionActions();
  const dreams = trpc.dreams.list.useQuery(DREAMS_TO_CHOOSE_FROM);
  const sayKept = useSayKept("reflection");
  const initial = reflectionInWords(words);
  const kept = useKeptChange(`keep-reflection:${messageId}`, initial);
  const { form, close, submit } = useItemForm<ReflectionDraft>({
    initial: kept.read() ?? initial,
    async save(draft) {
      const refused = await create(draft);
      if (refused !== null) return refused;
      kept.clear(draft);
      sayKept();
      return null;
    },
    onClose: () => {},
  });
  if (form === null) return null;
  return (
    <KeepSheet title={conversation.keepAs.reflection} onClose={close}>
      <ReflectionForm
        name={conversation.keepAs.reflection}
        initial={form.draft}
        refused={form.refused}
        dreams={dreams.data?.items ?? []}
        saveLabel={common.keepIt}
        onSave={(draft) => void submit(draft)}
        onChange={kept.write}
        onCancel={() => {
          kept.clear();
          close();
        }}
      />
    </KeepSheet>
  );
}

function KeepSheet({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  return (
    <Sheet side="right" title={title} onClose={onClose}>
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pt-1 pb-6 short:overflow-visible">{children}</div>
    </Sheet>
  );
}

/** A toast that leads to the page with what was kept. */
function useSayKept(kind: "dream" | "reflection"): () => void {
  const { conversation } = useWords();
  const toast = useToast();
  const router = useRouter();
  return () =>
    toast({
      text: conversation.keptAs[kind],
      action: { label: conversation.showKept, run: () => router.push(kind === "dream" ? "/dreams" : "/reflections") },
    });
}
