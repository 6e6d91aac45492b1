import { BookOpenText, Download, FileText } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { ReadableFormat } from "@/components/copy/save-copy";
import type { TrpcClient } from "@/components/trpc/trpc";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { Button } from "@/components/ui/button";
import { download } from "@/components/ui/download";
import { useSpeech } from "@/components/words/words";

type Format = ReadableFormat | "json";

interface ExportButtonsProps {
  /** The person's name. */
  name: string;
  /** What is said of the copy for other programs. */
  about: string;
}

/** Saves what is stored about the person: as a page, as text, or all of it as a JSON file. Leaving the page ends it. */
export function ExportButtons({ name, about }: ExportButtonsProps) {
  const { client } = trpc.useUtils();
  const showError = useErrorToast();
  const speech = useSpeech();
  const { account } = speech.words;
  const [gathering, setGathering] = useState<Format | null>(null);
  const leaving = useRef<AbortController | null>(null);

  useEffect(() => () => leaving.current?.abort(), []);

  async function save(format: Format) {
    if (gathering !== null) return;
    const controller = new AbortController();
    leaving.current = controller;
    setGathering(format);
    const { signal } = controller;
    const at = new Date();
    try {
      const blob = await (format === "json" ? everything(client, signal) : readable(format, at, signal));
      if (!signal.aborted) download(blob, `clarify-${at.toISOString().slice(0, 10)}.${format}`);
    } catch (error) {
      if (!signal.aborted) showError(error);
    } finally {
      setGathering(null);
    }
  }

  async function readable(format: ReadableFormat, at: Date, signal: AbortSignal): Promise<Blob> {
    const { readableCopy } = await import("@/components/copy/save-copy");
    return readableCopy({ client, format, name, at, speech, signal });
  }

  const button = (format: Format, Icon: typeof Download, label: string) => (
    <Button look="quiet" aria-busy={gathering === format} onClick={() => void save(format)} className="self-start">
      <Icon aria-hidden className="size-4" />
      {gathering === format ? account.gathering : label}
    </Button>
  );
  return (
    <>
      <p className="mb-4 text-ink-soft leading-7">{account.readable}</p>
      <div className="flex flex-wrap gap-2">
        {button("html", BookOpenText, account.savePage)}
        {button("md", FileText, account.saveText)}
      </div>
      <p className="mt-6 mb-4 text-ink-soft leading-7">{about}</p>
      {button("json", Download, account.saveCopy)}
    </>
  );
}

async function everything(client: TrpcClient, signal: AbortSignal): Promise<Blob> {
  const pieces: string[] = [];
  for await (const piece of await client.account.export.query(undefined, { signal })) pieces.push(piece);
  return new Blob(pieces, { type: "application/json" });
}
