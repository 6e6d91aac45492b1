import { existsSync, globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Import {
  /** A path from the project's root, or the name of a package. */
  from: string;
  isPackage: boolean;
  /** Whether it does not exist at run time. */
  typeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest);
  const imports: Import[] = [];
  function add(name: string, typeOnly: boolean): void {
    if (name.startsWith("@/")) imports.push({ from: resolve(name.slice(2)), isPackage: false, typeOnly });
    else if (name.startsWith("."))
      imports.push({ from: resolve(join(dirname(file), name)), isPackage: false, typeOnly });
    else if (!isBuiltin(name)) imports.push({ from: packageOf(name), isPackage: true, typeOnly });
  }
  function visit(node: ts.Node): void {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly ?? false);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteral(name)) add(name.text, false);
    }
    ts.forEachChild(node, visit);
  }
  visit(source);
  return imports;
}

/** `next/headers` belongs to the package `next`. */
function packageOf(name: string): string {
  return name
    .split("/")
    .slice(0, name.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The file that an import names, without its extension. */
function resolve(path: string): string {
  const file = normalize(path);
  const isFile = [".ts", ".tsx"].some((ending) => existsSync(join(root, file + ending)));
  return isFile || !existsSync(join(root, file)) ? file : join(file, "index");
}

const filesIn = (...folders: string[]) =>
  folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root })).sort();

/**
 * `server/dreams/router.ts` is in `server/dreams`, `components/conversation/view/reply.tsx` in the innermost folder,
 * `components/conversation/view`. A file without a folder of its own counts as a folder.
 */
function folderOf(path: string): string {
  const parts = path.split("/");
  if (parts.length <= 2) return path.replace(/\.tsx?$/, "");
  return parts.slice(0, parts[0] === "components" ? -1 : 2).join("/");
}

/** The folders that each folder imports, with an example of such an import. */
function folderGraph(files: readonly string[]): Map<string, Map<string, string>> {
  const graph = new Map<string, Map<string, string>>();
  for (const file of files) {
    const from = folderOf(file);
    const targets = graph.get(from) ?? new Map<string, string>();
    graph.set(from, targets);
    for (const imported of importsOf(file)) {
      const to = folderOf(imported.from);
      if (!imported.isPackage && to !== from) targets.set(to, `${file} imports ${imported.from}`);
    }
  }
  return graph;
}

/** One cycle for each set of folders that import each other, as a list of imports. */
function cyclesIn(graph: ReturnType<typeof folderGraph>): string[][] {
  const finished = new Set<string>();
  const cycles: string[][] = [];
  function visit(folder: string, path: string[]): void {
    const begin = path.indexOf(folder);
    if (begin !== -1) {
      const around = [...path.slice(begin), folder];
      cycles.push(around.slice(1).map((to, index) => graph.get(around[index] ?? "")?.get(to) ?? ""));
      return;
    }
    if (finished.has(folder)) return;
    for (const to of graph.get(folder)?.keys() ?? []) visit(to, [...path, folder]);
    finished.add(folder);
  }
  for (const folder of graph.keys()) visit(folder, []);
  return cycles;
}

describe("folders", () => {
  it("never import each other, not even types", () => {
    expect(cyclesIn(folderGraph(filesIn("server", "components")))).toEqual([]);
  });

  it("that import each other in a circle are found", () => {
    const graph = new Map([
      ["a", new Map([["b", "a imports b"]])],
      ["b", new Map([["c", "b imports c"]])],
      ["c", new Map([["a", "c imports a"]])],
      ["d", new Map([["a", "d imports a"]])],
    ]);
    expect(cyclesIn(graph)).toEqual([["a imports b", "b imports c", "c imports a"]]);
  });
});

describe("packages", () => {
  const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });
  const declared = Object.keys(
    manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8"))).dependencies,
  );
  /** The code that a deployment runs. The launcher, the embedded stack and the doctor are not part of it. */
  const deployed = filesIn("app", "components", "server").filter((file) => !/^server\/(local|doctor)\//.test(file));
  const imports = [...deployed, "proxy.ts", "instrumentation.ts"]
    .flatMap(importsOf)
    .filter(({ isPackage }) => isPackage);

  it("that a deployment runs are installed with --omit=dev", () => {
    const run = new Set(imports.filter(({ typeOnly }) => !typeOnly).map(({ from }) => from));
    expect([...run].filter((name) => !declared.includes(name))).toEqual([]);
  });

  it("that a deployment does not import are installed for development only", () => {
    // Next.js imports react-dom itself.
    const imported = new Set(["react-dom", ...imports.map(({ from }) => from)]);
    expect(declared.filter((name) => !imported.has(name))).toEqual([]);
  });
});
