import { createHash } from "node:crypto";

const AT = "2026-11-20T10:00:00.123+00:00";

/** The same rows every time, about as many as a busy person has. `version` shows which write they follow. */
export function fixedRows(table: string, version: number): unknown {
  switch (table) {
    case "users":
      return [
        {
          id: id("user", 0),
          name: `Noa ${version}`,
          tier: "pro",
          total_sessions: 12,
          total_reflections: 30,
          created_at: AT,
        },
      ];
    case "dreams":
      return several(5, (n) => ({
        id: id("dream", n),
        title: `Dream ${n}, version ${version}`,
        category: "craft",
        description: "Why it matters, and what it would look like on an ordinary day in spring. ".repeat(2).trim(),
        target_date: "2027-05-01",
        updated_at: AT,
      }));
    case "clarify_patterns":
      return several(10, (n) => ({
        id: id("pattern", n),
        type: "tension",
        content: `Wants quiet and wants to be seen, ${n}, version ${version}`,
        strength: 10 - Math.floor(n / 2),
      }));
    case "clarify_sessions":
      return several(4, (n) => ({
        id: id("session", n),
        title: `What the sea has to do with it ${n}, version ${version}`,
        message_count: 8,
        last_message_at: AT,
      }));
    case "reflections":
      return several(3, (n) => ({
        id: id("reflection", n),
        tone: "calm",
        content: `Version ${version}. ${"What I wrote in the evening, after a long walk along the water. ".repeat(4).trim()}`,
        created_at: AT,
      }));
    default:
      throw new Error(`The bench has no rows for ${table}`);
  }
}

const several = <T>(count: number, row: (index: number) => T): T[] => Array.from({ length: count }, (_, n) => row(n));

/** A UUID that is the same in every run. */
function id(kind: string, n: number): string {
  const hex = createHash("sha256").update(`${kind}:${n}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
