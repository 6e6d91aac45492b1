/** How many of one thing each person may have under way in this process at once. */
export class ConcurrencyLimit {
  readonly #underWay = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** Whether one more may begin; whoever was told `true` calls `end` when it has ended. */
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
