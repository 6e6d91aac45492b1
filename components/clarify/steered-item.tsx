import type { ReactNode } from "react";
import { useState } from "react";
import { useKnownSession } from "@/components/conversation/state/use-known-session";
import { RenameField } from "@/components/sessions/rename-field";
import type { SectionName } from "@/server/clarify/sections";
import type { ContextItem } from "@/server/context/context";
import { ItemMenu } from "./item-menu";
import { useRename } from "./use-item-actions";

interface SteeredItemProps {
  section: SectionName;
  item: ContextItem;
  /** The item as the inspector shows it. */
  children: ReactNode;
}

/** An item of the inspector with its menu. A conversation is renamed in its place. */
export function SteeredItem({ section, item, children }: SteeredItemProps) {
  const [renaming, setRenaming] = useState(false);
  if (renaming) return <Renaming item={item} onDone={() => setRenaming(false)} />;
  return (
    <>
      {children}
      <ItemMenu section={section} item={item} onRename={() => setRenaming(true)} />
    </>
  );
}

/** Starts with the conversation's own title, because the label of one without a title is only a stand-in. */
function Renaming({ item, onDone }: { item: ContextItem; onDone: () => void }) {
  const rename = useRename(item.id);
  const session = useKnownSession(item.id);
  if (session === null) return null;
  const title = session === "missing" ? null : session.title;
  return <RenameField title={title} onRename={(renamed) => void rename(renamed)} onDone={onDone} />;
}
