import { SessionNotFound } from "@/components/clarify/conversation/conversation-trouble";

export default SessionNotFound;
