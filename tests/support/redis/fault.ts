/** How a server misbehaves. With `applied` it runs the commands first; otherwise it does not run them. */
export type Fault =
  | { kind: "none" }
  | { kind: "refuse" }
  | { kind: "hang"; applied?: boolean }
  /** Over HTTP an answer with this status; over TCP an error reply. */
  | { kind: "status"; status: number }
  /** An error reply to every command, with status 400 over HTTP. */
  | { kind: "error"; message: string }
  | { kind: "html" }
  /** An invalid answer: over HTTP this JSON, over TCP these bytes. */
  | { kind: "nonsense"; body: string }
  | { kind: "truncated"; applied?: boolean }
  | { kind: "delay"; ms: number };
