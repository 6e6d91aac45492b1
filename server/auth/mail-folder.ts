import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PEER_HEADER } from "@/server/http-guard";

// The embedded stack delivers no mail. It writes each mail to a folder, and a page shows them.

const mail = z.object({ sentAt: z.iso.datetime(), to: z.string(), subject: z.string(), html: z.string() });

export interface Mail {
  id: string;
  /** ISO 8601. */
  sentAt: string;
  to: string;
  subject: string;
  /** Where its link leads, as a path of this app; null when it has none. */
  path: string | null;
}

/** How many mails a folder keeps. */
const KEPT = 50;

export interface MailFolder {
  /** Writes a mail to the folder, readable by its owner only, and removes the oldest mails if there are too many. */
  send(message: { to: string; subject: string; html?: string }): Promise<void>;
}

/** @param now milliseconds since the epoch */
export function openMailFolder(folder: string, now: () => number): MailFolder {
  return {
    async send({ to, subject, html = "" }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const sentAt = new Date(now()).toISOString();
      const name = `${sentAt.replaceAll(":", "-")}-${crypto.randomUUID()}.json`;
      await writeFile(join(folder, name), JSON.stringify({ sentAt, to, subject, html }, null, 2), { mode: 0o600 });
      for (const old of (await namesIn(folder)).slice(KEPT)) await rm(join(folder, old), { force: true });
    },
  };
}

/** The mails of a folder, newest first. A mail that cannot be read is left out: it may just have been removed. */
export async function readMails(folder: string): Promise<Mail[]> {
  const mails = await Promise.all((await namesIn(folder)).map((name) => readMail(folder, name)));
  return mails.filter((each) => each !== null);
}

interface MailSettings {
  NODE_ENV: "development" | "production" | "test";
  EMBEDDED_STACK: "on" | "off";
  EMBEDDED_MAILS?: string | undefined;
  APP_URL?: string | undefined;
}

/**
 * The folder of mails if the visitor with these headers may read it, else null. Only a visitor on the machine itself may,
 * on the embedded stack, under the name `localhost`: somebody who reads a mail can sign in as its receiver. The address of
 * the socket is known except in development, where it counts only if it is there.
 */
export function readableMails(headers: Pick<Headers, "get">, settings: MailSettings): string | null {
  const { NODE_ENV, EMBEDDED_STACK, EMBEDDED_MAILS, APP_URL } = settings;
  if (EMBEDDED_STACK !== "on" || EMBEDDED_MAILS === undefined) return null;
  const entries = (name: string) =>
    headers
      .get(name)
      ?.split(",")
      .map((entry) => entry.trim()) ?? [];
  const [hosts, passed, peers] = [entries("host"), entries("x-forwarded-for"), entries(PEER_HEADER)];
  if (hosts.length === 0 || passed.length === 0) return null;
  if (peers.length === 0 && NODE_ENV !== "development") return null;
  const names = [...hosts, ...entries("x-forwarded-host"), ...(APP_URL === undefined ? [] : [new URL(APP_URL).host])];
  const here =
    names.every((name) => LOCAL_HOST.test(name)) && [...passed, ...peers].every((peer) => LOOPBACK.test(peer));
  return here ? EMBEDDED_MAILS : null;
}

const LOOPBACK = /^(::1|(::ffff:)?127\.[\d.]+)$/i;
const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

async function readMail(folder: string, name: string): Promise<Mail | null> {
  try {
    const { html, ...shown } = mail.parse(JSON.parse(await readFile(join(folder, name), "utf8")));
    return { ...shown, id: name.replace(/\.json$/, ""), path: pathOf(html) };
  } catch {
    return null;
  }
}

/** Newest first: the names begin with the time. Before the first mail there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(".json")).sort((left, right) => (left < right ? 1 : -1));
}

function pathOf(html: string): string | null {
  const [, href] = /\bhref="(https?:[^"]+)"/.exec(html) ?? [];
  const address = href?.replaceAll("&amp;", "&");
  if (address === undefined || !URL.canParse(address)) return null;
  const { pathname, search } = new URL(address);
  return pathname + search;
}
