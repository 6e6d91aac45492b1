export interface SecurityHeaderOptions {
  /** Made for this one answer: scripts and styles of the page that carry it may run. */
  nonce: string;
  /** Whether the person reached us over HTTPS. */
  secure: boolean;
  /** React's development tools evaluate code, and the page is told of changes by a websocket. */
  development: boolean;
}

/**
 * What a browser is told about an answer: run nothing but our own scripts, show nothing from elsewhere, appear in no frame,
 * and, once reached over HTTPS, come back by nothing else.
 */
export function securityHeaders({ nonce, secure, development }: SecurityHeaderOptions) {
  return {
    /** The Content-Security-Policy. */
    policy: contentSecurityPolicy(nonce, development),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    ...(secure && { "strict-transport-security": "max-age=31536000" }),
  };
}

function contentSecurityPolicy(nonce: string, development: boolean): string {
  const fromNonce = `'nonce-${nonce}'`;
  const directives = {
    "default-src": ["'self'"],
    "script-src": ["'self'", fromNonce, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    "style-src": ["'self'", ...(development ? ["'unsafe-inline'"] : [fromNonce])],
    // Sizes and positions that are computed are set as attributes; they can load nothing.
    "style-src-attr": ["'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'", ...(development ? ["ws:"] : [])],
    // Not left to `script-src`, where strict-dynamic has no say for it.
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

/** A nonce for one answer. */
export function createNonce(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
}
