/** The kinds of items that a reply can draw on. `message`: a message of another conversation. */
export const RECEIPT_KINDS = ["dream", "reflection", "pattern", "conversation", "message"] as const;
export type ReceiptKind = (typeof RECEIPT_KINDS)[number];

/** An item that a reply drew on. It holds none of its words, so that an item that is renamed or removed is not quoted. */
export interface Receipt {
  kind: ReceiptKind;
  id: string;
}

/** The most receipts of one reply. */
export const MAX_RECEIPTS = 4;

/** Receipts without repetitions, the first ones of too many. */
export function distinctReceipts(receipts: readonly Receipt[]): Receipt[] {
  const byKey = new Map(receipts.map(({ kind, id }) => [receiptKey({ kind, id }), { kind, id }]));
  return [...byKey.values()].slice(0, MAX_RECEIPTS);
}

export function receiptKey({ kind, id }: Receipt): string {
  return `${kind}/${id}`;
}
