import type { DemoAccount } from "@/server/auth/demo-copy";

/** How to reach a running stack. */
export interface StackReady {
  url: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** The folder with the mails that it would have sent. */
  mails: string;
  /** Null when nobody could be signed in to the account. */
  demo: DemoAccount | null;
}

/** Messages from the stack's process to its parent. */
export type StackMessage =
  | { type: "progress"; step: string }
  | ({ type: "ready" } & StackReady)
  | { type: "failed"; message: string };

/** The task of the stack's process, passed in one environment variable. */
export interface StackTask {
  dataDir: string;
  /** The origin of the app, which links in mails lead to. */
  siteUrl: string;
  demo: DemoAccount;
}

export const STACK_TASK_VARIABLE = "CLARIFY_STACK_TASK";
