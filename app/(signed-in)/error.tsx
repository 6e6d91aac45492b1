"use client";

import { ErrorNotice } from "@/components/ui/deferred-error-notice";

export default ErrorNotice;
