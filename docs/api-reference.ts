import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { z } from "zod";
import { appRouter } from "@/server/router";
import type { ProcedureDescription } from "@/server/trpc/describe-procedures";
import { describeProcedures } from "@/server/trpc/describe-procedures";

const root = fileURLToPath(new URL("..", import.meta.url));
const packageSchema = z.object({ name: z.string(), exports: z.record(z.string(), z.string()) });

const INTRODUCTION = `# API

Written by \`npm run docs:api\`; a test holds it to be current.

## Procedures

What the pages call, and \`/panel\` lists: \`GET /api/trpc/PATH?input=JSON\` for a query, \`POST /api/trpc/PATH\` with JSON for a mutation, as the
signed-in person. Input is plain JSON; answers are superjson's.`;

const MODULE = `## The module

What \`npm run pack:module\` packs, by entry point. [module/README.md](../module/README.md) shows how it is used.`;

/** The reference of every procedure and of the module's types, as Markdown. */
export function renderApi(): string {
  const routers = Map.groupBy(describeProcedures(appRouter), ({ path }) => path.split(".")[0] ?? "");
  return [
    INTRODUCTION,
    ...Array.from(routers, ([name, procedures]) => [`### ${name}`, ...procedures.map(renderProcedure)].join("\n\n")),
    MODULE,
    ...renderModule(),
    "",
  ].join("\n\n");
}

function renderProcedure({ path, kind, description, fields }: ProcedureDescription): string {
  const lines = [`#### \`${path}\``, "", `${kind === "query" ? "Query" : "Mutation"}. ${description}`];
  if (fields.length > 0) lines.push("", "| input | type | |", "|---|---|---|");
  for (const { name, type, required } of fields) {
    lines.push(`| \`${name}\` | ${type.replaceAll("|", "\\|")} | ${required ? "required" : "optional"} |`);
  }
  return lines.join("\n");
}

/** What each entry point of the module exports, as its declarations say. */
function renderModule(): string[] {
  const { name, exports } = packageSchema.parse(JSON.parse(readFileSync(join(root, "module/package.json"), "utf8")));
  const files = Object.values(exports).map((path) =>
    join(root, path.replace("./dist/", "server/").replace(".js", ".ts")),
  );
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, root);
  const program = ts.createProgram(files, {
    ...options,
    ...{ noEmit: false, incremental: false, allowJs: false, declaration: true, emitDeclarationOnly: true, plugins: [] },
  });
  const declarations = new Map<string, ts.SourceFile>();
  program.emit(undefined, (...written) => {
    const [, text, , , [source] = []] = written;
    if (source) declarations.set(source.fileName, ts.createSourceFile("d.ts", text, ts.ScriptTarget.Latest, true));
  });
  const checker = program.getTypeChecker();
  return Object.keys(exports).map((entry, index) => {
    const source = program.getSourceFile(files[index] ?? "");
    const module = source && checker.getSymbolAtLocation(source);
    const found = module === undefined ? [] : checker.getExportsOfModule(module);
    const texts = found.map((symbol) => declarationOf(symbol, checker, declarations));
    return [`### \`${name}${entry.slice(1)}\``, ...texts].join("\n\n");
  });
}

function declarationOf(
  exported: ts.Symbol,
  checker: ts.TypeChecker,
  declarations: ReadonlyMap<string, ts.SourceFile>,
): string {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const [declared] = symbol.declarations ?? [];
  const statements = declarations.get(declared?.getSourceFile().fileName ?? "")?.statements ?? [];
  const texts = statements
    .filter((statement) => namesOf(statement).includes(symbol.name))
    .map((statement) =>
      statement
        .getFullText()
        .trim()
        .replace(/^(export )?(declare )?/gm, ""),
    );
  if (texts.length === 0) throw new Error(`${exported.name} has no declaration that could be shown`);
  return [`#### \`${exported.name}\``, "", "```ts", ...texts, "```"].join("\n");
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText());
  }
  const named =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return named && statement.name ? [statement.name.text] : [];
}
