import Link from "next/link";
import type { ReactNode } from "react";
import type { Components, ExtraProps } from "react-markdown";
import ReactMarkdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { MirrorMark } from "@/components/ui/mirror-mark";
import { anchorOf } from "./anchors";

/** OPERATIONS.md as a page with an anchor for each heading. Links to files are plain text, because the app does not serve the files. */
export function Handbook({ text }: { text: string }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-4xl flex-col px-4 pb-16 sm:px-6">
      <nav className="flex items-center gap-2.5 py-5">
        <Link href="/insights" aria-label="Insights" className="rounded">
          <MirrorMark className="size-7 text-water" />
        </Link>
      </nav>
      <div className="prose-mirror font-sans text-sm">
        <ReactMarkdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
          {text}
        </ReactMarkdown>
      </div>
    </main>
  );
}

const COMPONENTS: Components = {
  h2: ({ children, node }) => <h2 id={anchorOf(textIn(node))}>{children}</h2>,
  h3: ({ children, node }) => <h3 id={anchorOf(textIn(node))}>{children}</h3>,
  a: ({ children, href }) => <Reference href={href}>{children}</Reference>,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: wide tables are scrolled by keyboard as well
    <table tabIndex={0}>{children}</table>
  ),
  pre: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keyboard as well
    <pre tabIndex={0}>{children}</pre>
  ),
};

function Reference({ href = "", children }: { href: string | undefined; children: ReactNode }) {
  if (!/^(#|https:)/.test(href)) return <>{children}</>;
  return (
    <a href={href} rel="noopener noreferrer">
      {children}
    </a>
  );
}

function textIn(node: ExtraProps["node"] | NonNullable<ExtraProps["node"]>["children"][number]): string {
  if (node === undefined) return "";
  if (node.type === "text") return node.value;
  return "children" in node ? node.children.map(textIn).join("") : "";
}
