"use client";

import { createWarmContext } from "@/server/context/react";
import { trpc } from "./trpc";

/** Returns a function that has a meeting's context ready before it is asked for. */
export const useWarmContext = createWarmContext(() => trpc.useUtils().clarifyContext);
