-- A search over everything that is stored about a person, a function that removes its results, and the language of the account.

-- The code of the language that the person chose. The pages decide which languages exist.
alter table public.users add column language text check (language ~ '^[a-z]{2,3}$');

-- The caller's items that match every pattern, newest first: patterns, dreams, reflections, and conversations by their title, summary
-- or messages, including answers that are not chosen. For a conversation, the content is the newest text that matches. The patterns
-- and the folding are those of search_messages.
--
-- Reads all rows of the caller by the indexes on user_id, because no index can serve the match (see search_messages). It is not
-- security definer, so row-level security applies.
create function public.search_knowledge(p_patterns text[], p_limit integer) returns table (
  kind text,
  id uuid,
  content text,
  at timestamptz,
  session_title text,
  session_message_count integer
)
language sql stable as $$
  select found.kind, found.id, found.content, found.at, session.title, session.message_count
  from (
    select distinct on (known.kind, known.id) known.kind, known.id, known.content, known.at
    from (
      select 'pattern' as kind, pattern.id, pattern.content, pattern.last_seen_at as at
      from public.clarify_patterns as pattern
      union all
      select 'dream', dream.id, concat_ws(' · ', dream.title, dream.category, dream.description), dream.updated_at
      from public.dreams as dream
      union all
      select 'reflection', reflection.id, concat_ws(' · ', reflection.tone, reflection.content), reflection.created_at
      from public.reflections as reflection
      union all
      select 'conversation', session.id, concat_ws(' · ', session.title, session.summary), session.last_message_at
      from public.clarify_sessions as session
      union all
      select 'conversation', message.session_id, message.content, message.created_at
      from public.clarify_messages as message
      union all
      select 'conversation', variant.session_id, concat_ws(' · ', variant.question, variant.content), variant.created_at
      from public.clarify_variants as variant
    ) as known
    where coalesce(
      replace(
        lower(
          regexp_replace(
            normalize(known.content, NFKD),
            '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+', '', 'g'
          )
        ),
        'ς', 'σ'
      ) like all (p_patterns),
      false
    )
    order by known.kind, known.id, known.at desc, known.content
  ) as found
  left join public.clarify_sessions as session on found.kind = 'conversation' and session.id = found.id
  order by found.at desc, found.kind, found.id
  limit p_limit
$$;

-- Deletes the given rows of the caller in one transaction; the messages of a conversation go with it. Returns the number of rows that
-- existed and were the caller's.
create function public.forget(p_patterns uuid[], p_dreams uuid[], p_reflections uuid[], p_sessions uuid[])
returns integer
language plpgsql volatile security invoker set search_path = '' as $$
declare
  v_removed integer;
  v_all integer := 0;
begin
  delete from public.clarify_patterns where id = any (p_patterns);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.dreams where id = any (p_dreams);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.reflections where id = any (p_reflections);
  get diagnostics v_removed = row_count;
  v_all := v_all + v_removed;
  delete from public.clarify_sessions where id = any (p_sessions);
  get diagnostics v_removed = row_count;
  return v_all + v_removed;
end;
$$;

revoke execute on function
  public.search_knowledge (text[], integer),
  public.forget (uuid[], uuid[], uuid[], uuid[])
from public, anon;
grant execute on function
  public.search_knowledge (text[], integer),
  public.forget (uuid[], uuid[], uuid[], uuid[])
to authenticated;
