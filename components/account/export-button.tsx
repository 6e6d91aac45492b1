import { Download } from "lucide-react";
import { useState } from "react";
import { trpc } from "@/components/trpc/trpc";
import { useErrorToast } from "@/components/trpc/use-error-toast";
import { Button } from "@/components/ui/button";
import { useWords } from "@/components/words/words";

/** Saves everything that is stored about the person as a JSON file. */
export function ExportButton() {
  const { client } = trpc.useUtils();
  const showError = useErrorToast();
  const words = useWords();
  const [gathering, setGathering] = useState(false);

  async function save() {
    setGathering(true);
    try {
      const pieces: string[] = [];
      for await (const piece of await client.account.export.query()) pieces.push(piece);
      download(new Blob(pieces, { type: "application/json" }), `clarify-${new Date().toISOString().slice(0, 10)}.json`);
    } catch (error) {
      showError(error);
    } finally {
      setGathering(false);
    }
  }

  return (
    <Button look="quiet" aria-busy={gathering} onClick={() => !gathering && void save()} className="self-start">
      <Download aria-hidden className="size-4" />
      {gathering ? words.account.gathering : words.account.saveCopy}
    </Button>
  );
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
