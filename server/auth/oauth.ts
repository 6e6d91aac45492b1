/** The services that OAUTH_PROVIDERS can name: Supabase's name and the usual name of each. */
export const OAUTH_NAMES = {
  apple: "Apple",
  azure: "Microsoft",
  discord: "Discord",
  facebook: "Facebook",
  github: "GitHub",
  gitlab: "GitLab",
  google: "Google",
  linkedin_oidc: "LinkedIn",
} as const;

export type OAuthProvider = keyof typeof OAUTH_NAMES;

export function isOAuthProvider(name: string): name is OAuthProvider {
  return Object.hasOwn(OAUTH_NAMES, name);
}
