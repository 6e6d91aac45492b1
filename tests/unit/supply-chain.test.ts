import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";

// What the lockfile brings along.

const lockedPackage = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  license: z.string().optional(),
  dev: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  inBundle: z.boolean().optional(),
});
const lockfile = z
  .object({ packages: z.record(z.string(), lockedPackage) })
  .parse(JSON.parse(await readFile("package-lock.json", "utf8")));

/** Every package but our own, by its place. */
const packages = Object.entries(lockfile.packages).filter(([place]) => place !== "");
const nameOf = (place: string) => place.replace(/^.*node_modules\//, "");
const production = packages.filter(([, { dev, devOptional }]) => !dev && !devOptional);

/** Licences that allow what we do: use and pass on, also in a product whose source is closed. */
const ALLOWED = ["MIT", "ISC", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0", "CC0-1.0"];

/** Others, each with the reason why it is no trouble, for packages whose names begin so. */
const ALLOWED_FOR: readonly { name: string; licence: RegExp; because: string }[] = [
  {
    name: "@img/sharp-",
    licence: /^(Apache-2\.0 AND )?LGPL-3\.0-or-later( AND MIT)?$/,
    because: "a library in files of its own, optional to next, which anybody can replace",
  },
  { name: "caniuse-lite", licence: /^CC-BY-4\.0$/, because: "data of the build, which names its source" },
  { name: "fast-sha256", licence: /^Unlicense$/, because: "in the public domain" },
];

/** Packages that run a script when they are installed, with the reason why they need to. */
const INSTALL_SCRIPTS: Record<string, string> = {
  esbuild: "puts its program for this platform in place; only tsx uses it, in development and on the embedded stack",
};

describe("the lockfile", () => {
  it("names no host, and holds every package to a hash", () => {
    const odd = packages.filter(
      ([, { resolved, integrity, inBundle }]) =>
        resolved !== undefined || !(inBundle || /^sha512-[A-Za-z0-9+/]+=*$/.test(integrity ?? "")),
    );
    expect(odd.map(([place]) => place)).toEqual([]);
  });

  it("has every production package under a licence that allows what we do", () => {
    const refused = production
      .map(([place, { license = "none" }]) => ({ name: nameOf(place), license }))
      .filter(({ name, license }) => {
        const all = license.replace(/[()]/g, "").split(" AND ");
        if (all.every((each) => each.split(" OR ").some((one) => ALLOWED.includes(one)))) return false;
        return !ALLOWED_FOR.some((other) => name.startsWith(other.name) && other.licence.test(license));
      });
    expect(refused).toEqual([]);
    expect(production.length).toBeGreaterThan(50);
  });

  it("has no install script that is not justified", () => {
    const scripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place));
    expect([...new Set(scripts)].toSorted()).toEqual(Object.keys(INSTALL_SCRIPTS).toSorted());
  });

  it("has one version of each package of a family that has to agree", () => {
    for (const family of ["@trpc/server", "@trpc/client", "@trpc/react-query", "react", "react-dom"]) {
      const versions = packages.filter(([place]) => nameOf(place) === family).map(([, { version }]) => version);
      expect(new Set(versions).size, family).toBe(1);
    }
  });
});

it("has no known weakness in production packages, where the registry answers", async ({ skip }) => {
  const answer = await new Promise<string>((resolve) => {
    execFile("npm", ["audit", "--omit=dev", "--json"], { timeout: 60_000, maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const report = auditReport.safeParse(parseJson(answer));
  if (!report.success) return skip("The registry did not answer to an audit");
  const { vulnerabilities } = report.data;
  expect(Object.entries(vulnerabilities).map(([name, { severity }]) => `${name}: ${severity}`)).toEqual([]);
}, 90_000);

const auditReport = z.object({
  auditReportVersion: z.number(),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
