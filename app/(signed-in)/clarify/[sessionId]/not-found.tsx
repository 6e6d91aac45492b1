import { SessionNotFound } from "@/components/conversation/view/placeholders";

export default SessionNotFound;
