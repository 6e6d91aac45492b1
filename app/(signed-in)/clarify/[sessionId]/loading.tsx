import { ConversationSkeleton } from "@/components/clarify/conversation/conversation-skeleton";

export default function ConversationLoading() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <ConversationSkeleton />
    </div>
  );
}
