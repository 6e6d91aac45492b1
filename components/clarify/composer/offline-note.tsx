/** Says that no language model answers here, and what would change that. */
export function OfflineNote() {
  return (
    <p className="text-lamp" data-testid="offline-note">
      Offline voice — set <code className="font-mono text-[0.95em]">ANTHROPIC_API_KEY</code> to let the model answer
    </p>
  );
}
