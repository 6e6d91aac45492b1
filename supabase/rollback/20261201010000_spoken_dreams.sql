-- `look_back` as in 20261130400000_look_back.

create or replace function public.look_back(p_from timestamptz, p_until timestamptz) returns jsonb
language sql stable as $$
  select jsonb_build_object(
    'came_back', (
      select coalesce(jsonb_agg(to_jsonb(found)), '[]')
      from (
        select pattern.id, pattern.content, pattern.type, pattern.created_at
        from public.clarify_patterns as pattern
        where not pattern.paused
          and pattern.created_at < p_from
          and (
            (pattern.last_seen_at >= p_from and pattern.last_seen_at < p_until)
            or exists (
              select from public.clarify_messages as message
              where message.id = any (pattern.message_ids) and message.created_at >= p_from and message.created_at < p_until
            )
          )
        order by pattern.strength desc, pattern.last_seen_at desc, pattern.id desc
        limit 4
      ) as found
    ),
    'dreams', (
      select coalesce(jsonb_agg(to_jsonb(found)), '[]')
      from (
        select dream.id, dream.title, happened.change, happened.at
        from public.dreams as dream
        cross join lateral (
          values ('achieved', dream.achieved_at), ('released', dream.released_at), ('begun', dream.created_at)
        ) as happened (change, at)
        where not dream.paused
          and happened.at >= p_from and happened.at < p_until
          and dream.status = case happened.change when 'begun' then 'active' else happened.change end
        order by happened.at desc, dream.id desc
        limit 5
      ) as found
    ),
    'tones', (
      select jsonb_object_agg(stretch.name, coalesce(used.tones, '[]'))
      from (values ('before', p_from - (p_until - p_from), p_from), ('now', p_from, p_until)) as stretch (name, since, til)
      cross join lateral (
        select jsonb_agg(tone order by times desc, latest desc) as tones
        from (
          select lower(reflection.tone) as tone, count(*) as times, max(reflection.created_at) as latest
          from public.reflections as reflection
          where not reflection.paused
            and reflection.tone is not null
            and reflection.created_at >= stretch.since and reflection.created_at < stretch.til
          group by lower(reflection.tone)
          order by times desc, latest desc
          limit 3
        ) as most
      ) as used
    ),
    'quiet', (
      select coalesce(jsonb_agg(to_jsonb(found)), '[]')
      from (
        select dream.id, dream.title, dream.updated_at
        from public.dreams as dream
        where dream.status = 'active'
          and not dream.paused
          and dream.updated_at < p_from
          and not exists (
            select from public.reflections as reflection
            where reflection.dream_id = dream.id and reflection.created_at >= p_from
          )
        order by dream.updated_at, dream.id
        limit 3
      ) as found
    )
  )
$$;

delete from supabase_migrations.schema_migrations where version = '20261201010000';
