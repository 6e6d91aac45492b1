/** Limits how many operations of one kind a person may run at the same time in this process. */
export class ConcurrencyLimit {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** Whether one more may begin. After `true`, the caller has to call `end` once. */
  begin(userId: string): boolean {
    const count = this.#underWay.get(userId) ?? 0;
    if (count >= this.max) return false;
    this.#underWay.set(userId, count + 1);
    return true;
  }

  end(userId: string): void {
    const count = this.#underWay.get(userId) ?? 0;
    if (count > 1) this.#underWay.set(userId, count - 1);
    else this.#underWay.delete(userId);
  }
}
