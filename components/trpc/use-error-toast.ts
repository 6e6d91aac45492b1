import { useCallback } from "react";
import { useToast } from "@/components/ui/toasts";
import { useWords } from "@/components/words/words";
import { describeError } from "./errors";

/** Returns a function that shows the message of an error above the page. */
export function useErrorToast(): (error: unknown) => void {
  const toast = useToast();
  const words = useWords();
  return useCallback((error) => toast({ text: describeError(error, words).message, urgent: true }), [toast, words]);
}
