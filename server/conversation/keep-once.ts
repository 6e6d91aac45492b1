import { createHash } from "node:crypto";
import type { NewDream } from "@/server/dreams/dream";
import type { CreatedDream } from "./events";
import type { KeptDream } from "./voice";

export interface KeepOnceOptions {
  /**
   * Identifies the reply in every process that writes it: the id of the message that is answered, or of the reply that
   * is continued.
   */
  reply: string;
  /** The dreams that the reply created before this attempt; the model is told about them. */
  known: readonly CreatedDream[];
  /** Stores a dream under its id. Returns the existing dream if the id is in use. */
  create(dream: NewDream & { id: string }): Promise<CreatedDream>;
}

/**
 * Creates each dream of a reply only once, however often the reply is begun. The n-th dream has the same id in every
 * attempt, so that a new attempt finds a dream that a lost one created, even if the model words it differently.
 */
export function keepOnce({ reply, known, create }: KeepOnceOptions): (dream: NewDream) => Promise<KeptDream> {
  const kept = [...known];
  return async (dream) => {
    const same = kept.find(({ title }) => sameTitle(title, dream.title));
    if (same !== undefined) return { ...same, how: "known" };
    const { id, title } = await create({ ...dream, id: nthId(reply, kept.length) });
    kept.push({ id, title });
    return { id, title, how: title === dream.title ? "new" : "before" };
  };
}

function sameTitle(one: string, other: string): boolean {
  const plain = (title: string) => title.trim().toLowerCase().normalize("NFKC");
  return plain(one) === plain(other);
}

/** A UUID derived from the reply and the number (version 8 of RFC 9562). */
function nthId(reply: string, n: number): string {
  const hex = createHash("sha256").update(`${reply}:${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
