import { Ellipsis } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import type { MenuButtonProps } from "@/components/ui/deferred";
import { deferMenu } from "@/components/ui/deferred";
import { useSpeech } from "@/components/words/words";
import type { SectionName } from "@/server/clarify/sections";
import type { ContextItem } from "@/server/context/context";

export interface ItemMenuProps {
  section: SectionName;
  item: ContextItem;
  /** The person renames the item, which is a conversation. */
  onRename: () => void;
}

/** The length of an item's name in the label of its button. */
const NAME_CHARACTERS = 60;

/** The button of an item's menu. With a mouse it is only visible while the item is hovered or focused. */
export function ItemMenuButton({ item, ...button }: MenuButtonProps & { item: ContextItem }) {
  const { words, fill } = useSpeech();
  const [...characters] = item.label;
  return (
    <IconButton
      {...button}
      label={fill(words.inspector.optionsFor, { name: characters.slice(0, NAME_CHARACTERS).join("") })}
      className="size-7 self-start focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-fine:opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100"
    >
      <Ellipsis aria-hidden />
    </IconButton>
  );
}

/** The menu of an item: open, correct, pause and remove. */
export const ItemMenu = deferMenu<ItemMenuProps>(
  () => import("./item-menu-items"),
  ({ menu, button }) => <ItemMenuButton {...button} item={menu.item} />,
);
