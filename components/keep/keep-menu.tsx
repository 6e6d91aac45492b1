import { BookmarkPlus } from "lucide-react";
import { IconButton } from "@/components/ui/button";
import type { MenuButtonProps } from "@/components/ui/deferred";
import { deferMenu } from "@/components/ui/deferred";
import { useWords } from "@/components/words/words";

export interface KeepMenuProps {
  /** The conversation that the message is in. */
  sessionId: string;
  messageId: string;
  /** The message's words. A reply is markdown. */
  content: string;
  markdown?: boolean;
}

export function KeepButton(button: MenuButtonProps) {
  const { conversation } = useWords();
  return (
    <IconButton {...button} label={conversation.keep} className="size-8">
      <BookmarkPlus aria-hidden />
    </IconButton>
  );
}

/** Makes a dream or a reflection of a message, in a form that is filled in with its words. */
export const KeepMenu = deferMenu<KeepMenuProps>(
  () => import("./keep-menu-items"),
  ({ button }) => <KeepButton {...button} />,
);
