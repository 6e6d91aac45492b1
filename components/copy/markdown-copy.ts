import type { Speech } from "@/components/words/speech";
import { createFacts } from "./facts";
import type { CopyPart } from "./read-account";

/** Writes the parts of a copy as Markdown. The words of the person are shown as they are, whatever marks are in them. */
export function createMarkdownWriter(speech: Speech, timeZone?: string): (part: CopyPart) => string {
  const { words, fill } = speech;
  const facts = createFacts(speech, timeZone);
  const small = (texts: readonly string[]) => (texts.length === 0 ? "" : `*${texts.map(plain).join(" · ")}*\n\n`);

  return (part) => {
    switch (part.kind) {
      case "begin":
        return `# ${plain(fill(words.copy.title, { name: part.name }))}\n\n${small([facts.day(part.at)])}`;
      case "section":
        return `## ${words.copy.sections[part.section]}\n\n${part.isEmpty ? `${words.copy.nothing}\n\n` : ""}`;
      case "dream": {
        const { title, description } = part.dream;
        const text = description === null ? "" : `${plain(description)}\n\n`;
        return `### ${line(title)}\n\n${small(facts.dream(part.dream))}${text}`;
      }
      case "reflection": {
        const { reflection, about } = part;
        const heading = `### ${facts.day(reflection.createdAt)}\n\n`;
        return `${heading}${small(facts.reflection(reflection, about))}${plain(reflection.content)}\n\n`;
      }
      case "conversation": {
        const title = part.session.title ?? words.sessions.untitled;
        return `### ${line(title)}\n\n${small(facts.conversation(part.session))}`;
      }
      case "message": {
        const { role, content, status } = part.message;
        const { who, facts: beside } = facts.message(part.message);
        const text = status === "refused" && content === "" ? plain(words.conversation.refusal) : content;
        return `**${who}**, ${beside.join(" · ")}\n\n${role === "user" ? plain(text) : reply(text)}\n\n`;
      }
      case "pattern":
        return `- ${line(part.pattern.content)} (${facts.pattern(part.pattern).map(plain).join(" · ")})\n`;
      case "end":
        return "";
    }
  };
}

function line(text: string): string {
  return plain(text.replace(/\s+/g, " "));
}

/** A text in which nothing is markup, with its line breaks. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .trim()
    .replace(/[\\`*_[\]<>~|]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/^([^\S\n]*)([#+=-])/gm, "$1\\$2")
    .replace(/^([^\S\n]*\d{1,9})([.)])/gm, "$1\\$2")
    .replace(/^[^\S\n]+/gm, (space) => "\u00a0".repeat(space.length))
    .replace(/(?<=\S)[^\S\n]*\n(?=[^\S\n]*\S)/g, "  \n");
}

/**
 * A reply, which is Markdown already, as a part of a larger document: its headings stand below the document's, HTML in it is
 * shown, and a block of code that was cut off is closed.
 */
function reply(markdown: string): string {
  const parts = markdown
    .toWellFormed()
    .trim()
    .split(/(^ {0,3}```[\s\S]*?(?:^ {0,3}```[ \t]*$|$(?![\s\S])))/m);
  const text = parts.map((part) => (/^ {0,3}```/.test(part) ? part : prose(part))).join("");
  const last = parts.findLast((part) => part !== "") ?? "";
  return /^ {0,3}```/.test(last) && !/\n {0,3}```[ \t]*$/.test(last) ? `${text}\n\`\`\`` : text;
}

function prose(markdown: string): string {
  return markdown
    .replace(/^ {0,3}#{1,6}(?=\s)/gm, "####")
    .replace(/^(.*\S.*)\n(?= {0,3}(?:-{2,}|=+)[ \t]*$)/gm, "$1\n\n")
    .split(/(`[^`\n]+`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/<(?=[a-z!/?])/gi, "\\<")))
    .join("");
}
