-- Own rows only, on every table. auth.uid() is wrapped in a select so that it is evaluated once per query, and every
-- policy names its role, so that anon is turned away before any row is looked at.

alter table public.users enable row level security;
alter table public.dreams enable row level security;
alter table public.clarify_sessions enable row level security;
alter table public.clarify_messages enable row level security;
alter table public.clarify_patterns enable row level security;
alter table public.reflections enable row level security;

-- Which columns a person may change is not a matter of grants here but of the guards in the next migration: the
-- embedded server grants everything on every table to the API roles each time it starts.
revoke all on public.users, public.dreams, public.clarify_sessions, public.clarify_messages, public.clarify_patterns,
  public.reflections from anon, authenticated;
grant select, update on public.users to authenticated;
grant select, insert, update, delete on public.dreams, public.clarify_sessions, public.clarify_messages,
  public.clarify_patterns, public.reflections to authenticated;
grant all on public.users, public.dreams, public.clarify_sessions, public.clarify_messages, public.clarify_patterns,
  public.reflections to service_role;

-- Rows of users come and go with the account in auth.users, never through the API.
create policy "own row is readable" on public.users
  for select to authenticated using ((select auth.uid()) = id);
create policy "own row is editable" on public.users
  for update to authenticated using ((select auth.uid()) = id) with check ((select auth.uid()) = id);

create policy "own dreams are readable" on public.dreams
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "own dreams are insertable" on public.dreams
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own dreams are editable" on public.dreams
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own dreams are removable" on public.dreams
  for delete to authenticated using ((select auth.uid()) = user_id);

create policy "own sessions are readable" on public.clarify_sessions
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "own sessions are insertable" on public.clarify_sessions
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own sessions are editable" on public.clarify_sessions
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own sessions are removable" on public.clarify_sessions
  for delete to authenticated using ((select auth.uid()) = user_id);

create policy "own messages are readable" on public.clarify_messages
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "own messages are insertable" on public.clarify_messages
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own messages are editable" on public.clarify_messages
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own messages are removable" on public.clarify_messages
  for delete to authenticated using ((select auth.uid()) = user_id);

create policy "own patterns are readable" on public.clarify_patterns
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "own patterns are insertable" on public.clarify_patterns
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own patterns are editable" on public.clarify_patterns
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own patterns are removable" on public.clarify_patterns
  for delete to authenticated using ((select auth.uid()) = user_id);

create policy "own reflections are readable" on public.reflections
  for select to authenticated using ((select auth.uid()) = user_id);
create policy "own reflections are insertable" on public.reflections
  for insert to authenticated with check ((select auth.uid()) = user_id);
create policy "own reflections are editable" on public.reflections
  for update to authenticated using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
create policy "own reflections are removable" on public.reflections
  for delete to authenticated using ((select auth.uid()) = user_id);
