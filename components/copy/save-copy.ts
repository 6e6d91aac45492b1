import type { TrpcClient } from "@/components/trpc/trpc";
import type { Speech } from "@/components/words/speech";
import { createHtmlWriter } from "./html-copy";
import { createMarkdownWriter } from "./markdown-copy";
import type { CopyPart } from "./read-account";
import { copySource, readAccount } from "./read-account";

const FORMATS = {
  html: { type: "text/html;charset=utf-8", writer: createHtmlWriter },
  md: { type: "text/markdown;charset=utf-8", writer: createMarkdownWriter },
};

export type ReadableFormat = keyof typeof FORMATS;

interface CopyRequest {
  client: TrpcClient;
  format: ReadableFormat;
  name: string;
  at: Date;
  speech: Speech;
  signal: AbortSignal;
}

/** How many parts are joined before they are handed to the browser, which keeps large ones out of memory. */
const PARTS_AT_ONCE = 200;

/** A copy of what a person can read in the app, as a file. */
export async function readableCopy({ client, format, name, at, speech, signal }: CopyRequest): Promise<Blob> {
  const { type, writer } = FORMATS[format];
  const write = writer(speech);
  const blobs: Blob[] = [];
  let texts: string[] = [];
  const handOver = () => {
    blobs.push(new Blob(texts));
    texts = [];
  };
  const parts: AsyncGenerator<CopyPart> = readAccount(copySource(client, signal), { name, at: at.toISOString() });
  for await (const part of parts) {
    texts.push(write(part));
    if (texts.length === PARTS_AT_ONCE) handOver();
  }
  handOver();
  return new Blob(blobs, { type });
}
