interface Prompt {
  /** What the model is told of the person: the block that the context router builds. */
  system: string;
  message: string;
}

/** Stands for your model's client: it says what it was told, word by word. */
export async function* reply({ system, message }: Prompt): AsyncGenerator<string> {
  const known = system.match(/^- .*$/gm) ?? [];
  for (const word of `You said: ${message} I know: ${known.join(" ")}`.split(" ")) yield `${word} `;
}
