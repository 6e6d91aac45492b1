"use client";

import { ErrorNotice } from "@/components/ui/notice-page";

export default ErrorNotice;
