import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { z } from "zod";

// `npm run pack:module [FOLDER]` packs the module as a tarball, in FOLDER or here. Every source file is emitted as
// JavaScript and as types, with aliases replaced by relative paths.

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "server");
const stage = join(root, "module", "dist");
const target = resolve(process.argv[2] ?? ".");

const manifest = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });
const template = z
  .object({ exports: z.record(z.string(), z.string()), peerDependencies: z.record(z.string(), z.string()) })
  .passthrough();

const own = manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
const made = template.parse(JSON.parse(await readFile(join(root, "module", "package.json"), "utf8")));

await rm(stage, { recursive: true, force: true });
const imported = compile(Object.values(made.exports));
await writeFile(join(stage, "package.json"), `${JSON.stringify(describe(imported), null, 2)}\n`);
for (const file of ["LICENSE", "CHANGELOG.md"]) await cp(join(root, file), join(stage, file));
await cp(join(root, "module", "README.md"), join(stage, "README.md"));
await cp(join(source, "cache", "README.md"), join(stage, "docs", "cache.md"));
await mkdir(target, { recursive: true });
const packed = spawnSync("npm", ["pack", "--pack-destination", target, "--silent"], { cwd: stage, encoding: "utf8" });
if (packed.status !== 0) throw new Error(`npm pack failed: ${packed.stderr}`);
process.stdout.write(`${join(target, packed.stdout.trim())}\n`);

/** Emits the sources of the entry points into the stage, and returns the packages that they import. */
function compile(entries: string[]): Set<string> {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  Object.assign(options, {
    noEmit: false,
    incremental: false,
    allowJs: false,
    declaration: true,
    rootDir: source,
    outDir: join(stage, "dist"),
    lib: ["lib.es2024.d.ts", "lib.esnext.collection.d.ts", "lib.dom.d.ts"],
    types: ["node"],
    plugins: [],
  } satisfies ts.CompilerOptions);
  const files = entries.map((entry) => join(source, entry.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts")));
  const program = ts.createProgram(files, options);
  const packages = new Set<string>();
  const rewrite = rewriteImports(options, packages);
  const { diagnostics } = program.emit(undefined, undefined, undefined, false, {
    after: [rewrite],
    afterDeclarations: [(context) => (node) => (ts.isSourceFile(node) ? rewrite(context)(node) : node)],
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) {
    const host = { getCanonicalFileName: String, getCurrentDirectory: () => root, getNewLine: () => "\n" };
    throw new Error(ts.formatDiagnostics(problems, host));
  }
  return packages;
}

/** Node needs the full name of a file and knows no aliases. Names of packages stay as they are, and are collected. */
function rewriteImports(options: ts.CompilerOptions, packages: Set<string>): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const from = ts.getOriginalNode(file).getSourceFile().fileName;
    const nameOf = (specifier: string): string => {
      const { resolvedModule } = ts.resolveModuleName(specifier, from, options, ts.sys);
      if (resolvedModule?.resolvedFileName.startsWith(source)) {
        const path = relative(dirname(from), resolvedModule.resolvedFileName).replace(/\.tsx?$/, ".js");
        return path.startsWith(".") ? path : `./${path}`;
      }
      if (!specifier.startsWith("node:")) packages.add(/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
      return specifier;
    };
    const { factory } = context;
    const renamed = ({ text }: ts.StringLiteral) => factory.createStringLiteral(nameOf(text));
    const visit = (node: ts.Node): ts.Node => {
      // Nodes of inferred types have no parents.
      if (
        ts.isImportTypeNode(node) &&
        ts.isLiteralTypeNode(node.argument) &&
        ts.isStringLiteral(node.argument.literal)
      ) {
        const name = factory.createLiteralTypeNode(renamed(node.argument.literal));
        const { attributes, qualifier, typeArguments, isTypeOf } = node;
        const named = factory.updateImportTypeNode(node, name, attributes, qualifier, typeArguments, isTypeOf);
        return ts.visitEachChild(named, visit, context);
      }
      const { parent } = node;
      const isName =
        ts.isStringLiteral(node) &&
        parent !== undefined &&
        (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent));
      return isName ? renamed(node) : ts.visitEachChild(node, visit, context);
    };
    return ts.visitEachChild(file, visit, context);
  };
}

/**
 * The template with the version of this project. An imported package that is not a peer is a dependency, in the version
 * that is used here.
 */
function describe(packages: Set<string>): object {
  const versionOf = (name: string) => {
    const version = own.dependencies[name];
    if (version === undefined) throw new Error(`${name} is imported, but is no dependency`);
    return [name, `^${version}`];
  };
  const dependencies = [...packages].filter((name) => !(name in made.peerDependencies)).sort();
  return {
    ...made,
    version: own.version,
    exports: Object.fromEntries(
      Object.entries(made.exports).map(([name, file]) => [
        name,
        { types: file.replace(/\.js$/, ".d.ts"), default: file },
      ]),
    ),
    dependencies: Object.fromEntries(dependencies.map(versionOf)),
  };
}
