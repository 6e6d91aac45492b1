-- What each person's calls of the model took, so that all processes hold one daily budget (TOKENS_PER_DAY).

create table private.model_calls (
  -- Made by whoever paid, so that telling of a call again counts nothing.
  id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  day date not null,
  tokens integer not null check (tokens between 0 and 100000000),
  counted_at timestamptz not null default clock_timestamp()
);
create index model_calls_of_user on private.model_calls (user_id, day) include (tokens);

-- Adds calls of the caller, [{ id, tokens }], to a day, and answers with the sum of that day. Rows are kept for two days, by
-- the database's clock: the day is the application's to say, and must not be a way to empty another.
create function public.count_model_calls(p_day date, p_calls jsonb) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
begin
  if (p_day between '2000-01-01' and '2999-12-31' and jsonb_array_length(p_calls) <= 1000) is not true then
    raise exception 'p_day or p_calls is out of range' using errcode = '22023';
  end if;
  if jsonb_array_length(p_calls) > 0 then
    delete from private.model_calls
    where user_id = v_user_id and counted_at < clock_timestamp() - interval '2 days';
    insert into private.model_calls (id, user_id, day, tokens)
    select call.id, v_user_id, p_day, call.tokens
    from jsonb_to_recordset(p_calls) as call (id uuid, tokens integer)
    on conflict (id) do nothing;
  end if;
  return coalesce(
    (select sum(tokens) from private.model_calls where user_id = v_user_id and day = p_day),
    0
  );
end;
$$;

revoke execute on function public.count_model_calls (date, jsonb) from public, anon;
grant execute on function public.count_model_calls (date, jsonb) to authenticated;
