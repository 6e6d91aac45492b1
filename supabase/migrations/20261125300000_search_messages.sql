-- Search inside messages

-- Newest first, so that a search stops at the page that it fills; also serves the cascade from users.
drop index public.clarify_messages_by_user;
create index clarify_messages_by_user on public.clarify_messages (user_id, created_at desc, id desc);

-- The caller's messages that match every pattern, newest first, behind the one at (p_before_at, p_before_id) where it is
-- given. Patterns are LIKE patterns of folded text: compatible forms are one form, vowel points and accents are left out,
-- capitals are small (fold in server/sessions/fold.ts says the same).
--
-- Reads the caller's own rows in the order of the index and looks into each, about 20 µs a message. A trigram index could not
-- serve this: row-level security keeps operators that are not leakproof out of index conditions, and two characters, a whole word
-- in Japanese, make no trigram. Not a definer's function, and without settings of its own, so that row-level security holds and
-- the planner sees through it.
create function public.search_messages(
  p_patterns text[],
  p_limit integer,
  p_before_at timestamptz default null,
  p_before_id uuid default null
) returns table (
  id uuid,
  session_id uuid,
  session_title text,
  session_status text,
  role text,
  content text,
  created_at timestamptz
)
language sql stable as $$
  select found.id, found.session_id, session.title, session.status, found.role, found.content, found.created_at
  from (
    select message.id, message.session_id, message.role, message.content, message.created_at
    from public.clarify_messages as message
    where (p_before_at is null or (message.created_at, message.id) < (p_before_at, p_before_id))
      -- In coalesce, because the planner takes a pattern for rare, and would read and sort all of the person's messages instead
      -- of stopping at the limit.
      and coalesce(
        replace(
          lower(
            regexp_replace(
              normalize(message.content, NFKD),
              '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+', '', 'g'
            )
          ),
          'ς', 'σ'
        ) like all (p_patterns),
        false
      )
    order by message.created_at desc, message.id desc
    limit p_limit
  ) as found
  join public.clarify_sessions as session on session.id = found.session_id
  order by found.created_at desc, found.id desc
$$;

revoke execute on function public.search_messages (text[], integer, timestamptz, uuid) from public, anon;
grant execute on function public.search_messages (text[], integer, timestamptz, uuid) to authenticated;
