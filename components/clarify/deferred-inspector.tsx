"use client";

import { InspectorSkeleton } from "@/components/inspector/inspector-skeleton";
import { deferPart } from "@/components/ui/deferred";
import { VERY_WIDE } from "@/components/ui/use-media-query";

export const ContextInspector = deferPart(() => import("./context-inspector"), InspectorSkeleton, VERY_WIDE);
