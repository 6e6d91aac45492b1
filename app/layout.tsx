import type { Metadata, Viewport } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Clarify", template: "%s · Clarify" },
  description: "A conversation in which you find out what you want, before it becomes a goal.",
};

export const viewport: Viewport = {
  // The keyboard of a phone shrinks the page instead of covering the composer.
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f2e9" },
    { media: "(prefers-color-scheme: dark)", color: "#171613" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  // No page is made ahead of its request: its scripts carry the nonce of their one answer.
  await connection();
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}
