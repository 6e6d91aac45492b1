"use client";

import { ErrorNotice } from "@/components/ui/error-notice";

export default ErrorNotice;
