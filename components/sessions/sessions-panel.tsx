"use client";

import { Plus, Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useRef, useState } from "react";
import { AccountMenu } from "@/components/account/account-menu";
import { Button } from "@/components/ui/button";
import { AfterHydration } from "@/components/ui/hydration";
import { readShortcutsOn, useShortcuts, writeShortcutsOn } from "@/components/ui/shortcuts";
import { StatusSwitch } from "@/components/ui/status-switch";
import { useWords } from "@/components/words/words";
import { cutTo, FIELD_LIMITS } from "@/server/field-limits";
import type { Session } from "@/server/sessions/router";
import { FoundMessages } from "./found-messages";
import { focusFirstLink, moveThroughLinks } from "./keyboard";
import { SessionList } from "./session-list";
import { SessionListSkeleton } from "./session-list-skeleton";
import { useOpenConversation } from "./use-open-conversation";

/** The list of conversations with its search and its button for a new one, and the account menu below. */
export default function SessionsPanel({ onLeave = () => {} }: { onLeave?: () => void }) {
  const [status, setStatus] = useState<Session["status"]>("active");
  const [search, setSearch] = useState("");
  const [shortcutsOn, setShortcutsOn] = useState(() => readShortcutsOn(window.localStorage));
  const open = useOpenConversation();
  const { sessions, navigation } = useWords();
  const searchField = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLElement>(null);

  function openAndLeave() {
    open();
    onLeave();
  }

  useShortcuts(shortcutsOn, { search: () => searchField.current?.focus(), create: openAndLeave });

  function changeShortcuts(on: boolean) {
    setShortcutsOn(on);
    writeShortcutsOn(window.localStorage, on);
  }

  function onSearchKey(event: KeyboardEvent) {
    if (event.key === "ArrowDown" && list.current !== null) {
      event.preventDefault();
      focusFirstLink(list.current);
    }
    if (event.key === "Escape") setSearch("");
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col short:flex-none">
      <div className="flex flex-col gap-3 px-3 pt-3 pb-2">
        <Button look="primary" onClick={openAndLeave} className="w-full">
          <Plus aria-hidden className="size-4" />
          {sessions.new}
        </Button>
        <div className="relative">
          <Search aria-hidden className="pointer-events-none absolute start-3 top-3 size-4 text-ink-soft" />
          <input
            ref={searchField}
            type="search"
            value={search}
            onChange={(event) => setSearch(cutTo(event.target.value, FIELD_LIMITS.search))}
            onKeyDown={onSearchKey}
            aria-label={sessions.searchLabel}
            data-keeps-escape={search === "" ? undefined : true}
            placeholder={sessions.search}
            className="min-h-10 w-full rounded-xl border border-line bg-sheet peer ps-9 pe-3 text-sm placeholder:text-ink-soft"
          />
          {shortcutsOn && (
            <kbd
              aria-hidden
              className="pointer-events-none absolute end-3 top-2.5 hidden rounded border border-line px-1.5 font-sans text-ink-soft text-xs leading-5 pointer-fine:peer-placeholder-shown:block"
            >
              /
            </kbd>
          )}
        </div>
        <StatusSwitch
          label={sessions.which}
          options={[
            { status: "active", label: sessions.current },
            { status: "archived", label: sessions.archived },
          ]}
          chosen={status}
          onChoose={setStatus}
        />
      </div>
      <nav
        ref={list}
        aria-label={navigation.conversations}
        onKeyDown={moveThroughLinks}
        className="min-h-0 flex-1 overflow-y-auto px-2 py-1 short:flex-none"
      >
        <AfterHydration fallback={<SessionListSkeleton />}>
          <SessionList status={status} search={search} onLeave={onLeave} />
          <FoundMessages search={search} onLeave={onLeave} />
        </AfterHydration>
      </nav>
      <div className="shrink-0 border-line border-t p-2">
        <AccountMenu shortcutsOn={shortcutsOn} onShortcutsChange={changeShortcuts} />
      </div>
    </div>
  );
}
