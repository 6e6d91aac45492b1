/** The header of the policy. A request carries it as well, so that the page can read its nonce. */
export const POLICY = "content-security-policy";

export interface SecurityHeaderOptions {
  /** Made for this answer. The scripts and styles of the page that carry it may run. */
  nonce: string;
  /** Whether the request came over HTTPS. */
  secure: boolean;
  /** React's development tools evaluate code, and a websocket reports changes to the page. */
  development: boolean;
}

/**
 * The headers that restrict what a browser does with an answer: run only our own scripts, load nothing from other
 * origins, appear in no frame, and after HTTPS use only HTTPS.
 */
export function securityHeaders({ nonce, secure, development }: SecurityHeaderOptions) {
  return {
    /** The Content-Security-Policy, for documents. */
    policy: contentSecurityPolicy(nonce, development),
    /** For every answer. */
    headers: {
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      ...(secure && { "strict-transport-security": "max-age=31536000" }),
    },
  };
}

function contentSecurityPolicy(nonce: string, development: boolean): string {
  const fromNonce = `'nonce-${nonce}'`;
  const directives = {
    "default-src": ["'self'"],
    "script-src": ["'self'", fromNonce, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", ...(development ? ["'unsafe-inline'"] : [fromNonce])],
    // Computed sizes and positions are set as style attributes, which cannot load anything.
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'", ...(development ? ["ws:"] : [])],
    // Set explicitly, because strict-dynamic in `script-src` does not cover workers.
    "worker-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(" "))
    .join("; ");
}

/** The nonce in a policy; undefined if there is none. */
export function nonceIn(policy: string | null): string | undefined {
  return /'nonce-([^']+)'/.exec(policy ?? "")?.[1];
}

/** A nonce for one answer. */
export function createNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
}
