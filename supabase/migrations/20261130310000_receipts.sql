-- The items that the replies of a conversation drew on. A reply keeps their kinds and ids (tool_use.receipts), and none of their words:
-- what they are called is read when it is shown, and an item that is gone, or in a conversation off the record, is not shown.

-- The items that are named by the latest replies of a conversation, at most p_replies of them. It is not security definer, so row-level
-- security applies. A message is named with its conversation, a reflection and a message have a day instead of a title.
create function public.receipts(p_session_id uuid, p_replies integer) returns table (
  kind text,
  id uuid,
  title text,
  status text,
  at timestamptz,
  session_id uuid
)
language sql stable set search_path = '' as $$
  with named as materialized (
    select distinct receipt ->> 'kind' as kind, (receipt ->> 'id')::uuid as id
    from (
      select reply.tool_use
      from public.clarify_messages as reply
      where reply.session_id = p_session_id and reply.role = 'assistant'
      order by reply.created_at desc, reply.id desc
      limit p_replies
    ) as replies
    cross join lateral jsonb_path_query(replies.tool_use, '$.receipts[*]') as receipts (receipt)
    where receipt ->> 'id' ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
  )
  select named.kind, dream.id, dream.title, dream.status, dream.updated_at, null::uuid
  from named join public.dreams as dream on named.kind = 'dream' and dream.id = named.id
  union all
  select named.kind, reflection.id, null, null, reflection.created_at, null
  from named join public.reflections as reflection on named.kind = 'reflection' and reflection.id = named.id
  union all
  select named.kind, pattern.id, pattern.content, null, pattern.last_seen_at, null
  from named join public.clarify_patterns as pattern on named.kind = 'pattern' and pattern.id = named.id
  union all
  select named.kind, session.id, session.title, null, session.last_message_at, session.id
  from named join public.clarify_sessions as session on named.kind = 'conversation' and session.id = named.id
  where not session.off_record
  union all
  select named.kind, message.id, null, null, message.created_at, message.session_id
  from named
  join public.clarify_messages as message on named.kind = 'message' and message.id = named.id
  join public.clarify_sessions as session on session.id = message.session_id
  where not session.off_record
$$;

revoke execute on function public.receipts (uuid, integer) from public, anon;
grant execute on function public.receipts (uuid, integer) to authenticated;
