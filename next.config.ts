import type { NextConfig } from "next";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

const config: NextConfig = {
  poweredByHeader: false,
  // Several machines that build the same give it one name; without one Next.js makes one up.
  generateBuildId: () => process.env.BUILD_ID || null,
  // pino resolves its transports at run time, which no bundler can follow; the vocabulary is one string of two megabytes.
  serverExternalPackages: ["pino", "pino-pretty", "js-tiktoken"],
  // `npm run typecheck` holds the types, those of the tests included; starting the app need not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Of a body that passes through proxy.ts Next.js keeps this much at most; nothing here takes more.
  experimental: { proxyClientMaxBodySize: "256kb" },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default config;
