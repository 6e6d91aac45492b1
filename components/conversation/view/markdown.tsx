import type { ReactNode } from "react";
import { memo, useLayoutEffect, useRef, useState } from "react";
import type { Components, ExtraProps } from "react-markdown";
import ReactMarkdown from "react-markdown";
import { MARKDOWN_PLUGINS } from "@/components/markdown/markdown-plugins";
import { CopyButton } from "@/components/ui/copy-button";
import { useTabIndex } from "@/components/ui/tab-stop";
import { languageOfText } from "@/components/words/text-language";
import { useWords } from "@/components/words/words";
import { markdownBlocks, mendGrowing } from "./markdown-blocks";

/**
 * Each block has its own direction. Links open outside the page. Pictures become links, so that nothing is fetched
 * unasked.
 */
const COMPONENTS: Components = {
  p: ({ children }) => <p dir="auto">{children}</p>,
  li: ({ children, className }) => (
    <li dir="auto" className={className}>
      {children}
    </li>
  ),
  ul: ({ children, className }) => (
    <ul dir="auto" className={className}>
      {children}
    </ul>
  ),
  ol: ({ children, start }) => (
    <ol dir="auto" start={start}>
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote dir="auto">{children}</blockquote>,
  h1: ({ children }) => <h3 dir="auto">{children}</h3>,
  h2: ({ children }) => <h3 dir="auto">{children}</h3>,
  h3: ({ children }) => <h3 dir="auto">{children}</h3>,
  h4: ({ children }) => <h4 dir="auto">{children}</h4>,
  h5: ({ children }) => <h4 dir="auto">{children}</h4>,
  h6: ({ children }) => <h4 dir="auto">{children}</h4>,
  th: ({ children, style }) => (
    <th dir="auto" style={style}>
      {children}
    </th>
  ),
  td: ({ children, style }) => (
    <td dir="auto" style={style}>
      {children}
    </td>
  ),
  pre: ({ children, node }) => (
    <div className="relative" dir="ltr">
      <Code>{children}</Code>
      <CopyCode text={codeIn(node)} />
    </div>
  ),
  a: ({ children, href }) => <OutgoingLink href={href}>{children ?? href}</OutgoingLink>,
  img: ({ alt, src }) => (
    <OutgoingLink href={typeof src === "string" ? src : undefined}>{alt || <PictureWord />}</OutgoingLink>
  ),
};

/** A block of code. If it is wider than the page it is a stop of the Tab key, so that the arrow keys scroll it. */
function Code({ children }: { children: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  const tabIndex = useTabIndex();
  const [scrolls, setScrolls] = useState(false);
  // Measured when the focus comes near, because measuring a growing reply would lay it out for every word.
  useLayoutEffect(() => {
    if (tabIndex === 0 && block.current !== null) setScrolls(block.current.scrollWidth > block.current.clientWidth);
  }, [tabIndex]);
  return (
    <pre ref={block} tabIndex={scrolls ? tabIndex : -1}>
      {children}
    </pre>
  );
}

function CopyCode({ text }: { text: string }) {
  const { conversation } = useWords();
  return <CopyButton label={conversation.copyCode} text={text} className="absolute end-1 top-1 size-8 bg-sheet" />;
}

function PictureWord() {
  return useWords().conversation.picture;
}

/** The text of a block of code, without the line break that ends it. */
function codeIn(block: ExtraProps["node"]): string {
  const code = block?.children.flatMap((child) => (child.type === "element" ? child.children : [])) ?? [];
  return code
    .map((child) => (child.type === "text" ? child.value : ""))
    .join("")
    .replace(/\n$/, "");
}

function OutgoingLink({ href, children }: { href: string | undefined; children: ReactNode }) {
  return (
    <a href={href} tabIndex={useTabIndex()} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

interface MarkdownProps {
  text: string;
  /** Whether more text is to come. Open markup is then rendered as if it were closed. */
  growing: boolean;
}

/** A reply's markdown. HTML in it is rendered as text. */
export default function Markdown({ text, growing }: MarkdownProps) {
  const blocks = markdownBlocks(text);
  const drawn = blocks.map((block, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a growing reply only ever changes or adds the last block
    <Block key={index} text={growing && index === blocks.length - 1 ? mendGrowing(block) : block} />
  ));
  return <>{drawn}</>;
}

const Block = memo(function Block({ text }: { text: string }) {
  return (
    <div lang={languageOfText(text)} className="prose-mirror-block">
      <ReactMarkdown remarkPlugins={MARKDOWN_PLUGINS} components={COMPONENTS}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
