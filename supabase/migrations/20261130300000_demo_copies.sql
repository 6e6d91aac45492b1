-- Each visitor of the demo gets an account of their own, which ends after a day. Its address is in a domain that no mail reaches.

alter table public.users add column demo_ends_at timestamptz;
alter table public.users
  add constraint users_demo_ends_at_range check (demo_ends_at between '1970-01-01' and '2999-12-31');
create index users_by_demo_end on public.users (demo_ends_at) where demo_ends_at is not null;

-- In the transaction that makes the account, so that one whose maker dies halfway ends as well.
create function private.end_demo_copy() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  new.demo_ends_at := (
    select clock_timestamp() + interval '24 hours' from auth.users where id = new.id and email like '%@demo.invalid'
  );
  return new;
end;
$$;

create trigger end_demo_copy before insert on public.users for each row execute function private.end_demo_copy();

drop trigger a_keep_columns on public.users;
create trigger a_keep_columns before update on public.users
  for each row
  execute function private.keep_columns('id', 'tier', 'total_sessions', 'total_reflections', 'created_at', 'demo_ends_at');

-- Removes a copy that has ended, with everything in it; returns whether there was one. Runs as its owner, who may delete from
-- auth.users; whoever calls it can remove nothing else.
create function public.remove_ended_demo(p_user_id uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
  delete from auth.users where id = (
    select id from public.users where id = p_user_id and demo_ends_at <= clock_timestamp()
  );
  return found;
end;
$$;

revoke execute on function private.end_demo_copy () from public, anon, authenticated;
revoke execute on function public.remove_ended_demo (uuid) from public, anon, authenticated;
grant execute on function public.remove_ended_demo (uuid) to service_role;
