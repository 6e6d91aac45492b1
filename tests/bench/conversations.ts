interface Row {
  id: string;
  session_id: string;
  user_id: string;
  role: "user" | "assistant";
  content: string;
  status: string;
  reply_to: string | null;
  model: string | null;
  tool_use: null;
  created_at: string;
}

const BEGAN_AT = Date.UTC(2026, 10, 20, 10);

/** The stand-in database's conversations: everything that is written is stored, and everybody owns every session. */
export class Conversations {
  readonly #messages = new Map<string, Row[]>();
  #count = 0;

  /** The answer to a request about a conversation or to the auth server; undefined for all others. */
  answer({ pathname, searchParams }: URL, body: string): unknown {
    const sessionId = searchParams.get("session_id")?.replace("eq.", "");
    if (pathname === "/auth/v1/user") return { id: "bench", aud: "authenticated", email: "bench@example.com" };
    if (pathname.endsWith("/rpc/begin_message")) return this.#begin(JSON.parse(body));
    if (pathname.endsWith("/rpc/store_reply")) return this.#storeReply(JSON.parse(body));
    if (pathname.endsWith("/rpc/count_model_calls")) return 0;
    // The conversation has a name already.
    if (pathname.endsWith("/rpc/name_session")) return false;
    // There is nothing to summarise.
    if (pathname.endsWith("/rpc/begin_summary")) return { summary: null, summarised: 0, messages: [] };
    if (pathname.endsWith("/rpc/finish_summary")) return {};
    if (pathname.endsWith("/clarify_messages") && body !== "") return this.#add(JSON.parse(body));
    if (pathname.endsWith("/clarify_messages") && sessionId) {
      return this.#of(sessionId)
        .slice(-Number(searchParams.get("limit")))
        .reverse();
    }
    if (pathname.endsWith("/clarify_sessions") && searchParams.has("id")) {
      const id = searchParams.get("id")?.replace("eq.", "") ?? "";
      return { id, message_count: this.#of(id).length };
    }
    return undefined;
  }

  #begin(call: { p_session_id: string; p_message_id: string; p_content: string; p_history_limit: number }) {
    const history = this.#of(call.p_session_id).slice(-call.p_history_limit);
    const { p_session_id: session_id, p_message_id: id, p_content: content } = call;
    const message = this.#add({ id, session_id, content, role: "user" });
    const session = { id: session_id, message_count: this.#of(session_id).length };
    return { message, claimed: true, reply: null, history, related: [], session };
  }

  #storeReply(call: {
    p_message_id: string;
    p_reply_id: string;
    p_content: string;
    p_status: string;
    p_model: string;
  }) {
    const { p_message_id: reply_to, p_reply_id: id, p_content: content, p_status: status, p_model: model } = call;
    const session_id = [...this.#messages].find(([, rows]) => rows.some((row) => row.id === reply_to))?.[0] ?? "";
    return this.#add({ id, session_id, reply_to, content, status, model, role: "assistant" });
  }

  #add(row: Pick<Row, "id" | "session_id" | "content" | "role"> & Partial<Row>): Row {
    this.#count += 1;
    const created_at = new Date(BEGAN_AT + this.#count).toISOString();
    const rest = { user_id: "bench", status: "complete", reply_to: null, model: null, tool_use: null, created_at };
    const whole: Row = { ...rest, ...row };
    this.#of(row.session_id).push(whole);
    return whole;
  }

  #of(sessionId: string): Row[] {
    const known = this.#messages.get(sessionId) ?? [];
    this.#messages.set(sessionId, known);
    return known;
  }
}
