import { z } from "zod";
import { RECEIPT_KINDS } from "./receipt";

const receipt = z.object({ kind: z.enum(RECEIPT_KINDS), id: z.string() });

/** Receipts as they were stored: none by older releases, and by newer ones perhaps of other kinds, which are left out. */
export const storedReceipts = z
  .array(z.unknown())
  .catch([])
  .transform((stored) => stored.flatMap((each) => receipt.safeParse(each).data ?? []));
