import { useLiveConversation } from "@/components/conversation/entries/use-conversation";
import { useRemovedIds } from "@/components/lists/removals";
import { calendarDay, dayWords } from "@/components/ui/days";
import { useSpeech } from "@/components/words/words";
import type { FoundItem } from "@/server/conversation/related";
import { SteeredItem } from "./steered-item";

/** The sections whose menus fit a found item. A message is steered by its conversation. */
const SECTIONS = { reflection: "reflections", dream: "dreams", message: "sessions" } as const;

/** The older items that were found for the latest message of this visit, and the words by which each was found. */
export function FoundItems({ sessionId }: { sessionId: string }) {
  const { turns, lastContext } = useLiveConversation(sessionId);
  const removed = useRemovedIds();
  const { words, fill } = useSpeech();
  const { inspector } = words;
  if (lastContext === null) return null;
  if (lastContext.related === null) {
    return <p className="mt-4 text-ember text-sm leading-6">{inspector.foundFailed}</p>;
  }
  const items = lastContext.related.filter(({ id, sessionId: of }) => !removed.has(id) && !removed.has(of ?? id));
  if (items.length === 0) return null;
  const message = turns.find(({ context }) => context === lastContext)?.content;
  return (
    <section
      data-testid="found-items"
      aria-labelledby="found-items"
      className="mt-4 rounded-xl border border-line px-4 py-3"
    >
      <h3
        id="found-items"
        dir="auto"
        className="line-clamp-2 text-page-start font-medium font-sans text-sm [overflow-wrap:anywhere]"
      >
        {message === undefined ? inspector.found : fill(inspector.foundFor, { message })}
      </h3>
      <p className="pt-0.5 text-ink-soft text-xs leading-5">{inspector.foundWhy}</p>
      <ul className="flex flex-col gap-2.5 pt-2">
        {items.map((item) => (
          <Found key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Found({ item }: { item: FoundItem }) {
  const speech = useSpeech();
  const { words, fill, plural } = speech;
  const { inspector } = words;
  const day = dayWords(calendarDay(new Date(item.at)), speech);
  const shared = plural(inspector.sharedWords, item.words.length);
  const steered = { ...item, id: item.sessionId ?? item.id, text: item.label, cutCharacters: 0 };
  return (
    <li
      data-testid="found-item"
      className="group/item flex items-baseline justify-between gap-3 border-line border-s-2 ps-3 text-sm leading-6"
    >
      <SteeredItem section={SECTIONS[item.kind]} item={steered}>
        <span className="min-w-0 flex-1">
          <span dir="auto" className="line-clamp-3 text-page-start font-serif [overflow-wrap:anywhere]">
            {item.label}
          </span>
          <span className="block text-ink-soft text-xs leading-5">
            {fill(inspector.foundKinds[item.kind], { day })}
          </span>
          <span className="block text-ink-soft text-xs leading-5" data-testid="shared-words">
            {fill(shared, { words: item.words.join(", ") })}
          </span>
          {!item.included && <span className="block text-xs">{inspector.leftOut}</span>}
        </span>
      </SteeredItem>
    </li>
  );
}
