const CHANNEL = "clarify";

type News = { userId: string } & ({ kind: "here" } | { kind: "changed"; procedure: string } | { kind: "signed-out" });

interface Listeners {
  /** The same person changed something in another tab. */
  onChanged: (procedure: string) => void;
  /** The person of this tab signed out in another tab, or another person is signed in now. */
  onGone: () => void;
}

export type Tabs = ReturnType<typeof createTabs>;

/** Messages between the tabs of one browser, so that a tab does not show what another one has changed. */
export function createTabs(userId: string) {
  let channel: BroadcastChannel | null = null;

  function post(news: News) {
    if (channel !== null) return channel.postMessage(news);
    // The page is being left. The other tabs still have to know.
    const passing = new BroadcastChannel(CHANNEL);
    passing.postMessage(news);
    passing.close();
  }

  return {
    /** Begins to listen, and tells the other tabs who is signed in. Returns a function that stops it. */
    open({ onChanged, onGone }: Listeners): () => void {
      const opened = new BroadcastChannel(CHANNEL);
      opened.onmessage = ({ data }: MessageEvent<News>) => {
        const isSamePerson = data.userId === userId;
        if (isSamePerson && data.kind === "changed") onChanged(data.procedure);
        if (isSamePerson ? data.kind === "signed-out" : data.kind === "here") onGone();
      };
      channel = opened;
      post({ userId, kind: "here" });
      return () => {
        opened.close();
        channel = null;
      };
    },

    /** A procedure has changed something, and the server has acknowledged it. */
    changed(procedure: string): void {
      post({ userId, kind: "changed", procedure });
    },

    signedOut(): void {
      post({ userId, kind: "signed-out" });
    },
  };
}
