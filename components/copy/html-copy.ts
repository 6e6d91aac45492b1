import { LANGUAGE_FACTS } from "@/components/words/language";
import type { Speech } from "@/components/words/speech";
import { createFacts } from "./facts";
import { escapeHtml, markdownToHtml, paragraphs, writtenAttributes } from "./mdast-html";
import type { CopyPart } from "./read-account";

const STYLE = `
:root { color-scheme: light dark; }
body { max-width: 42rem; margin: 0 auto; padding: 3rem 1.25rem 6rem; color: light-dark(#26231f, #ebe5d8);
  background: light-dark(#f6f2e9, #171613); font: 1.0625rem/1.75 "Iowan Old Style", Palatino, "Noto Serif",
  "Noto Serif Hebrew", Georgia, serif; overflow-wrap: anywhere; }
[dir="auto"] { unicode-bidi: plaintext; }
h1, h2, h3 { line-height: 1.3; text-wrap: balance; }
h1 { font-size: 2rem; }
h2 { margin-block: 4rem 1.5rem; padding-block-end: .4rem; border-block-end: 1px solid light-dark(#ddd4c3, #38342d); }
h3 { margin-block: 2.5rem 0; font-size: 1.25rem; break-after: avoid; }
nav ul { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; }
a { color: light-dark(#2a5a55, #8fc0b4); }
p { margin-block: .6em; white-space: pre-wrap; }
.facts { margin: 0; color: light-dark(#61594d, #aea594); font: .875rem/1.6 system-ui, "Noto Sans Hebrew", sans-serif; }
.said { margin-block-start: 1.5rem; break-inside: avoid-page; }
.own { padding: .25rem 1rem; border-inline-start: 3px solid light-dark(#2a5a55, #8fc0b4); }
pre { overflow-x: auto; padding: .85em 1em; background: light-dark(#ede7da, #292621); white-space: pre-wrap; }
table { border-collapse: collapse; }
td { padding: .3em .7em; border-block-end: 1px solid light-dark(#ddd4c3, #38342d); }
blockquote { margin-inline: 0; padding-inline-start: 1em; border-inline-start: 2px solid currentColor; }
@media print { body { max-width: none; padding: 0; color: #000; background: none; font-size: 11pt; } nav { display: none; }
  h2 { break-before: page; } }
`.trim();

/** Writes the parts of a copy as one page that needs nothing else and runs nothing: it names its style, and no script. */
export function createHtmlWriter(speech: Speech, timeZone?: string): (part: CopyPart) => string {
  const { words, fill, language } = speech;
  const facts = createFacts(speech, timeZone);
  const small = (texts: readonly string[]) =>
    texts.length === 0
      ? ""
      : `<p class="facts">${texts.map((text) => `<bdi>${escapeHtml(text)}</bdi>`).join(" · ")}</p>\n`;
  const written = (tag: string, text: string) => `<${tag} ${writtenAttributes(text)}>${escapeHtml(text)}</${tag}>\n`;
  const links = Object.entries(words.copy.sections).map(
    ([id, name]) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`,
  );

  return (part) => {
    switch (part.kind) {
      case "begin": {
        const title = escapeHtml(fill(words.copy.title, { name: part.name }));
        return `<!doctype html>
<html lang="${language}" dir="${LANGUAGE_FACTS[language].dir}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
<h1 dir="auto">${title}</h1>
${small([facts.day(part.at)])}<nav><ul>${links.join("")}</ul></nav>
<main>
`;
      }
      case "section": {
        const heading = `<h2 id="${part.section}">${escapeHtml(words.copy.sections[part.section])}</h2>\n`;
        return part.isEmpty ? `${heading}<p>${escapeHtml(words.copy.nothing)}</p>\n` : heading;
      }
      case "dream": {
        const { title, description } = part.dream;
        const text = description === null ? "" : `${paragraphs(description)}\n`;
        return written("h3", title) + small(facts.dream(part.dream)) + text;
      }
      case "reflection": {
        const { reflection, about } = part;
        const heading = `<h3>${escapeHtml(facts.day(reflection.createdAt))}</h3>\n`;
        return `${heading}${small(facts.reflection(reflection, about))}${paragraphs(reflection.content)}\n`;
      }
      case "conversation": {
        const title = part.session.title ?? words.sessions.untitled;
        return written("h3", title) + small(facts.conversation(part.session));
      }
      case "message": {
        const { role, content, status } = part.message;
        const { who, facts: beside } = facts.message(part.message);
        const refused = status === "refused" && content === "";
        const own = role === "user";
        const text = refused
          ? paragraphs(words.conversation.refusal)
          : own
            ? paragraphs(content)
            : markdownToHtml(content);
        return `<article class="said${own ? " own" : ""}">\n${small([who, ...beside])}${text}\n</article>\n`;
      }
      case "pattern":
        return written("h3", part.pattern.content) + small(facts.pattern(part.pattern));
      case "end":
        return "</main>\n</html>\n";
    }
  };
}
