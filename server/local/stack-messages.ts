export interface DemoAccount {
  email: string;
  password: string;
}

/** How to reach a running stack. */
export interface StackReady {
  url: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** Null when its account could not be signed in to. */
  demo: DemoAccount | null;
}

/** What the stack's process tells its parent. */
export type StackMessage =
  | { type: "progress"; step: string }
  | ({ type: "ready" } & StackReady)
  | { type: "failed"; message: string };

/** What the parent hands to the stack's process, in one environment variable. */
export interface StackTask {
  dataDir: string;
  demo: DemoAccount;
}

export const STACK_TASK_VARIABLE = "CLARIFY_STACK_TASK";
