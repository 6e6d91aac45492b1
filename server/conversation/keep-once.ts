import { createHash } from "node:crypto";
import type { NewDream } from "@/server/dreams/dream";
import type { CreatedDream } from "./events";
import type { KeptDream } from "./voice";

export interface KeepOnceOptions {
  /** Names the reply to every process that writes it: the id of what is answered, or of what is continued. */
  reply: string;
  /** What the reply has kept before this attempt; the model is told of it. */
  known: readonly CreatedDream[];
  /** Stores a dream under its id. One that has this id already is given back as it is. */
  create(dream: NewDream & { id: string }): Promise<CreatedDream>;
}

/**
 * Has each dream of a reply kept once, however often the reply is begun: its n-th dream has the same id in every attempt, so
 * that what an attempt has kept that was lost is found by the next one, whatever the model calls it then.
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

/** A UUID that anybody makes of the same reply and number (version 8 of RFC 9562). */
function nthId(reply: string, n: number): string {
  const hex = createHash("sha256").update(`${reply}:${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
