"use client";

import { useActionState } from "react";
import { Button } from "@/components/ui/button";
import type { FormAction, FormState } from "./form-state";

/** Lets a visitor look around in the demo account. */
export function DemoForm({ action, next }: { action: FormAction; next: string }) {
  const [state, submit, pending] = useActionState<FormState, FormData>(action, null);
  return (
    <form action={submit}>
      <input type="hidden" name="next" value={next} />
      <Button type="submit" look="quiet" disabled={pending} className="min-h-11 w-full text-base">
        {pending ? "One moment…" : "Continue as demo"}
      </Button>
      {state !== null && (
        <p role="alert" className="mt-2 text-ember text-sm">
          {state.message}
        </p>
      )}
    </form>
  );
}
