"use client";

import { deferPart } from "@/components/ui/deferred";
import { WIDE } from "@/components/ui/use-media-query";
import { SessionListSkeleton } from "./session-list-skeleton";

export const SessionsPanel = deferPart(() => import("./sessions-panel"), SessionListSkeleton, WIDE);
