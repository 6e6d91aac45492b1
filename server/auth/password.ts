export const PASSWORD_MIN_LENGTH = 8;
/** The longest password that the auth server's hash takes, in bytes of UTF-8. */
const PASSWORD_MAX_BYTES = 72;

/** Why a password is refused. */
export type PasswordProblem = "passwordShort" | "passwordLong" | "passwordCommon" | "passwordIsAddress";

/** The passwords that are guessed first. For a word followed by digits, only the word is listed. */
const COMMON = new Set(
  `password passw0rd p@ssword p@ssw0rd passwort password1 qwerty qwertyui qwertyuiop qwerty123 qwertz qwertzui azertyui
  asdfghjk asdfghjkl zxcvbnm 1q2w3e4r 1q2w3e4r5t 1qaz2wsx q1w2e3r4 zaq12wsx iloveyou ilovegod iloveu letmein letmein1 welcome
  welcome1 admin admin123 administrator changeme secret default dragon monkey football baseball basketball superman batman
  spiderman pokemon starwars princess sunshine shadow master michael jennifer jessica charlie computer internet samsung google
  facebook whatever trustno1 abc123 abcd1234 a1b2c3d4 liverpool chelsea arsenal barcelona mustang corvette hello helloworld
  loveme lovely babygirl chocolate flower summer winter spring autumn clarify`.split(/\s+/),
);

/** The problem with a new password for the account with this address, or null if there is none. */
export function passwordProblem(password: string, email: string): PasswordProblem | null {
  if ([...password].length < PASSWORD_MIN_LENGTH) return "passwordShort";
  if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES) return "passwordLong";
  const lower = password.toLowerCase();
  const stem = lower.replace(/[\d\p{P}\p{S}]+$/u, "");
  const address = email.trim().toLowerCase();
  const [name = ""] = address.split("@");
  if (lower.includes(address) || [lower, stem].includes(name)) return "passwordIsAddress";
  return COMMON.has(lower) || COMMON.has(stem) || isMonotonous(lower) ? "passwordCommon" : null;
}

/** Whether a text repeats one or two characters, or is a sequence such as 12345678, 87654321 or abcdefgh. */
function isMonotonous(text: string): boolean {
  const characters = [...text];
  if (new Set(characters).size <= 2) return true;
  const steps = characters.slice(1).map((character, i) => step(characters[i] ?? "", character));
  return steps.every((each) => each === 1) || steps.every((each) => each === -1);
}

/** The distance from one character to the next. 0 follows 9, as on a keyboard. */
function step(from: string, to: string): number {
  if (from === "9" && to === "0") return 1;
  if (from === "0" && to === "9") return -1;
  return (to.codePointAt(0) ?? 0) - (from.codePointAt(0) ?? 0);
}
