-- Nothing is lost.

create or replace function private.keep_item_words(p_item_id uuid, p_user_id uuid, p_kind text, p_at timestamptz, p_text text) returns void
language sql volatile security definer set search_path = '' as $$
  insert into private.item_words (item_id, user_id, kind, at, keys)
  select p_item_id, p_user_id, p_kind, p_at, coalesce(array_agg(distinct private.word_key(p_user_id, lexeme)), '{}')
  from private.words_of(p_text)
  on conflict (item_id) do update set at = excluded.at, keys = excluded.keys;
$$;

create or replace function private.unindex_item() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.item_words where item_id = old.id;
  return null;
end;
$$;

create or replace function private.related_items(p_message public.clarify_messages, p_text text, p_limit integer) returns jsonb
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
  v_user_id uuid := p_message.user_id;
  v_items double precision;
  v_related jsonb;
begin
  -- Four hundred stand for any more, as no word that weighs anything is in more of them.
  select count(*) into v_items
  from (select 1 from private.item_words where user_id = v_user_id limit 400) as counted;

  with asked as materialized (
    select min(words.word) as word, words.lexeme, private.word_key(v_user_id, words.lexeme) as key
    from private.words_of(p_text) as words
    group by words.lexeme
    order by char_length(min(words.word)) desc, min(words.word), words.lexeme
    limit 48
  ),
  hits as materialized (
    select asked.word, asked.lexeme, item.item_id, item.kind, item.at, item.size
    from asked
    cross join lateral (
      select words.item_id, words.kind, words.at, cardinality(words.keys)::real as size
      from private.item_words as words
      where words.keys @> array[asked.key] and words.item_id <> p_message.id
      limit 401
    ) as item
  ),
  weights as (
    select hits.lexeme,
      ln(1 + v_items / count(*)) / ln(1 + v_items) * case when common.lexeme is null then 1 else 0.4 end as weight
    from hits left join private.common_lexemes as common on common.lexeme = hits.lexeme
    group by hits.lexeme, common.lexeme having count(*) <= 400
  ),
  shared as (
    select hits.item_id, hits.kind, hits.at, hits.size, hits.word,
      -- A pair of characters says as much as a word of six letters.
      max(weights.weight) * sqrt(case when hits.word ~ '[\u3400-\u9fff\u30a0-\u30ff]' then 6 else char_length(hits.word) end) as weight
    from hits join weights on weights.lexeme = hits.lexeme
    group by hits.item_id, hits.kind, hits.at, hits.size, hits.word
  ),
  enough as materialized (
    select item_id, kind, at, sum(weight) / sqrt(1 + size / 100) as score, array_agg(word order by weight desc, word) as words
    from shared
    group by item_id, kind, at, size
    having sum(weight) / sqrt(1 + size / 100) >= 1.5
    order by score desc, at desc, item_id
    limit 200
  )
  select jsonb_agg(to_jsonb(best) order by best.score desc, best.at desc, best.id) into v_related
  from (
    select * from (
      select 'reflection' as kind, item.id, null::uuid as session_id, item.tone as title, left(item.content, 2000) as content,
        null::text as status, enough.at, enough.words, enough.score
      from enough join public.reflections as item on enough.kind = 'reflection' and item.id = enough.item_id
      where not item.paused and item.id not in (
        select latest.id from public.reflections as latest
        where latest.user_id = v_user_id and not latest.paused
        order by latest.created_at desc, latest.id desc limit 3
      )
      union all
      select 'dream', item.id, null, item.title, left(item.description, 2000), item.status, enough.at, enough.words, enough.score
      from enough join public.dreams as item on enough.kind = 'dream' and item.id = enough.item_id
      where not item.paused and item.id not in (
        select latest.id from public.dreams as latest
        where latest.user_id = v_user_id and latest.status = 'active' and not latest.paused
        order by latest.updated_at desc, latest.id desc limit 5
      )
      union all
      select 'message', item.id, item.session_id, session.title, left(item.content, 2000), null, enough.at, enough.words, enough.score
      from enough
      join public.clarify_messages as item on enough.kind = 'message' and item.id = enough.item_id
      join public.clarify_sessions as session on session.id = item.session_id
      where item.session_id <> p_message.session_id and not session.off_record and not exists (
        select 1 from public.clarify_messages as reply where reply.reply_to = item.id and reply.status = 'refused'
      )
    ) as allowed
    order by score desc, at desc, id
    limit p_limit
  ) as best;

  return coalesce(v_related, '[]'::jsonb);
end;
$$;

delete from supabase_migrations.schema_migrations where version = '20261130210000';
