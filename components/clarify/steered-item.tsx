import type { ReactNode } from "react";
import { useState } from "react";
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
  const rename = useRename(item.id);
  if (renaming) {
    return (
      <RenameField title={item.label} onRename={(title) => void rename(title)} onDone={() => setRenaming(false)} />
    );
  }
  return (
    <>
      {children}
      <ItemMenu section={section} item={item} onRename={() => setRenaming(true)} />
    </>
  );
}
