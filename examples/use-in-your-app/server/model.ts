interface Prompt {
  /** What the model knows about the person: the block that the context router builds. */
  system: string;
  message: string;
}

/** In place of your model's client. It repeats what it was told, word by word. */
export async function* reply({ system, message }: Prompt): AsyncGenerator<string> {
  const known = system.match(/^- .*$/gm) ?? [];
  for (const word of `You said: ${message} I know: ${known.join(" ")}`.split(" ")) yield `${word} `;
}
