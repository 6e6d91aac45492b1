"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { contextStaleTime } from "clarify-context/react";
import type { FormEvent } from "react";
import { useState } from "react";
import { useTRPC, useTRPCClient, useWarmContext } from "./provider";

/** What the model knows about a project, a form that adds a task, and a conversation. */
export function Project({ projectId }: { projectId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const context = useQuery(trpc.context.get.queryOptions({ projectId }, { staleTime: contextStaleTime }));
  const add = useMutation(
    trpc.tasks.add.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries(trpc.context.get.queryFilter({ projectId })),
    }),
  );

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    add.mutate({ projectId, title: String(new FormData(event.currentTarget).get("title")) });
    event.currentTarget.reset();
  }

  return (
    <>
      {context.data && (
        <>
          <ul>
            {context.data.sections.map(({ name, source, items }) => (
              <li key={name} data-section={name} data-source={source}>
                {name}: {items.map(({ label }) => label).join(", ")}
              </li>
            ))}
          </ul>
          <p>
            {context.data.tokens} of {context.data.budget} tokens
          </p>
        </>
      )}
      <form onSubmit={submit}>
        <input name="title" aria-label="Task" required />
        <button type="submit">Add</button>
      </form>
      <Chat projectId={projectId} />
    </>
  );
}

function Chat({ projectId }: { projectId: string }) {
  const client = useTRPCClient();
  const warm = useWarmContext();
  const [answer, setAnswer] = useState("");
  const [sources, setSources] = useState("");

  async function ask(message: string) {
    setAnswer("");
    for await (const part of await client.chat.ask.mutate({ projectId, message })) {
      if ("delta" in part) setAnswer((text) => text + part.delta);
      else setSources(part.sources.map(({ name, source }) => `${name} ${source}`).join(", "));
    }
  }

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void ask(String(new FormData(event.currentTarget).get("message")));
  }

  return (
    <form onSubmit={submit}>
      <input name="message" aria-label="Message" onChange={() => warm({ projectId })} required />
      <button type="submit">Ask</button>
      <p data-testid="sources">{sources}</p>
      <p data-testid="answer">{answer}</p>
    </form>
  );
}
