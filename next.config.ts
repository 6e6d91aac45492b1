import type { NextConfig } from "next";

const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=()" },
];

// `npm run build:standalone` copies what the server imports into one folder.
const standalone: NextConfig =
  process.env.BUILD_STANDALONE === "on" ? { output: "standalone", outputFileTracingRoot: process.cwd() } : {};

const config: NextConfig = {
  ...standalone,
  poweredByHeader: false,
  // Several machines that build the same sources use one name. Without a name Next.js makes one up.
  generateBuildId: () => process.env.BUILD_ID || null,
  // pino resolves its transports at run time, which no bundler can follow. The vocabulary is one string of two
  // megabytes.
  serverExternalPackages: ["pino", "pino-pretty", "js-tiktoken"],
  // A build that is deployed has to pass the type check. `npm start` does not wait for it: that takes half a minute.
  typescript: { ignoreBuildErrors: process.env.BUILD_TYPES === "unchecked" },
  // The page reads the file at run time, which the build does not see.
  outputFileTracingIncludes: { "/insights/operations": ["./OPERATIONS.md"] },
  // The most of a body that Next.js keeps while proxy.ts runs. No route takes more.
  experimental: { proxyClientMaxBodySize: "256kb" },
  headers: async () => [{ source: "/:path*", headers: securityHeaders }],
};

export default config;
