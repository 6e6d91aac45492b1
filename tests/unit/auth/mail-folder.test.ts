import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMailFolder, readableMails, readMails } from "@/server/auth/mail-folder";

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "clarify-mails-")), "mails");
});
afterEach(async () => {
  await rm(join(folder, ".."), { recursive: true, force: true });
});

const html = `<a href="http://localhost:3000/auth/confirm?token_hash=abc&amp;type=recovery">Go</a>`;

describe("a folder of mails", () => {
  it("is read newest first, each with the path that its link leads to", async () => {
    const clock = { at: Date.UTC(2026, 0, 1) };
    const { send } = openMailFolder(folder, () => clock.at);
    expect(await readMails(folder)).toEqual([]);
    await send({ to: "noa@example.com", subject: "First", html });
    clock.at += 1;
    await send({ to: "tal@example.com", subject: "Second" });
    expect(await readMails(folder)).toMatchObject([
      { to: "tal@example.com", subject: "Second", path: null },
      { to: "noa@example.com", subject: "First", path: "/auth/confirm?token_hash=abc&type=recovery" },
    ]);
  });

  it("is its owner's only, keeps the last fifty, and bears what is not a mail", async () => {
    const clock = { at: Date.UTC(2026, 0, 1) };
    const { send } = openMailFolder(folder, () => clock.at++);
    for (let n = 0; n < 52; n++) await send({ to: "noa@example.com", subject: String(n), html });
    expect((await stat(folder)).mode & 0o077).toBe(0);
    expect((await stat(join(folder, String((await readdir(folder))[0])))).mode & 0o077).toBe(0);
    await writeFile(join(folder, "9.json"), "no mail");
    const subjects = (await readMails(folder)).map(({ subject }) => subject);
    expect([subjects.length, subjects[0], subjects.at(-1)]).toEqual([50, "51", "2"]);
  });

  it("leads nowhere but into this app", async () => {
    const { send } = openMailFolder(folder, () => 0);
    await send({ to: "noa@example.com", subject: "Evil", html: `<a href="javascript:alert(1)">Go</a>` });
    expect(await readMails(folder)).toMatchObject([{ path: null }]);
  });
});

describe("readableMails", () => {
  const embedded = {
    NODE_ENV: "production",
    EMBEDDED_STACK: "on",
    EMBEDDED_MAILS: "/data/mails",
    APP_URL: undefined,
  } as const;
  const HERE = { host: "localhost:3000", "x-forwarded-for": "::1", "x-clarify-peer": "::1" };

  it.each(["::1", "127.0.0.1", "::ffff:127.0.0.1"])("are for whoever sits at the machine: %s", (address) => {
    const headers = new Headers({ ...HERE, "x-forwarded-for": address, "x-clarify-peer": address });
    expect(readableMails(headers, embedded)).toBe("/data/mails");
  });

  it.each<[string, Record<string, string>, object]>([
    ["from elsewhere", { "x-forwarded-for": "192.0.2.1", "x-clarify-peer": "192.0.2.1" }, {}],
    ["from elsewhere by headers that say otherwise", { "x-clarify-peer": "127.0.0.1, 192.0.2.1" }, {}],
    ["from elsewhere by a redirect of a server action", { "x-clarify-peer": "192.0.2.1, 127.0.0.1" }, {}],
    ["from elsewhere through a proxy on the machine", { "x-forwarded-for": "192.0.2.1, 127.0.0.1" }, {}],
    ["under a name that somebody else gave the machine", { host: "evil.example" }, {}],
    [
      "under such a name, forwarded as the machine's own",
      { host: "evil.example", "x-forwarded-host": "localhost" },
      {},
    ],
    ["forwarded under another name", { "x-forwarded-host": "localhost, evil.example" }, {}],
    ["where the app is known to the world", {}, { APP_URL: "https://clarify.example" }],
    ["on a hosted project", {}, { EMBEDDED_STACK: "off" }],
    ["where there is no folder", {}, { EMBEDDED_MAILS: undefined }],
  ])("are not there %s", (_where, headers, settings) => {
    expect(readableMails(new Headers({ ...HERE, ...headers }), { ...embedded, ...settings })).toBeNull();
  });

  it.each(Object.keys(HERE))("are not there without %s", (name) => {
    const headers = new Headers(HERE);
    headers.delete(name);
    expect(readableMails(headers, embedded)).toBeNull();
  });

  it("are there in development, where no socket is asked", () => {
    const headers = new Headers({ host: "localhost:3000", "x-forwarded-for": "::1" });
    expect(readableMails(headers, { ...embedded, NODE_ENV: "development" })).toBe("/data/mails");
  });
});
