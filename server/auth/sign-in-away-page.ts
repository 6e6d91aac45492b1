import { AUTH_UNREACHABLE } from "./unreachable";

/**
 * A whole page, without a script: no page of the app can be rendered for a person of whom nothing is known.
 * @param nonce what the policy of the answer allows its style by
 */
export function signInAwayPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign-in cannot be reached</title>
<style nonce="${nonce}">
  :root { color-scheme: light dark; font: 1.05rem/1.7 system-ui, sans-serif }
  body { display: grid; min-height: 100dvh; margin: 0; place-content: center; padding: 1.5rem }
  main { max-width: 26rem }
  h1 { font: 1.8rem/1.2 Georgia, serif }
</style>
<main>
  <h1>Sign-in cannot be reached</h1>
  <p>${AUTH_UNREACHABLE} You are not signed out, and what you have written is safe.</p>
  <p><a href="">Try again</a></p>
</main>
</html>
`;
}
