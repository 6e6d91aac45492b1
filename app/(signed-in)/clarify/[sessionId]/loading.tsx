import { ConversationSkeleton } from "@/components/conversation/view/placeholders";

export default function ConversationLoading() {
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <ConversationSkeleton />
    </div>
  );
}
