-- Lost: the answers that are not chosen, and the words that were asked for them. The chosen ones stay.

drop function public.choose_variant (uuid, uuid, integer);
drop function public.store_variant (uuid, uuid, text, uuid, text, text, text, jsonb, jsonb);
drop function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer);
drop function private.ask_otherwise (public.clarify_messages, text, timestamptz);
drop function private.keep_variant (public.clarify_messages, public.clarify_messages);
drop function private.last_question (uuid, uuid);
drop function private.lock_session (uuid);
drop table public.clarify_variants;

drop trigger a_keep_columns on public.clarify_messages;
create trigger a_keep_columns before update on public.clarify_messages
  for each row execute function private.keep_columns('id', 'user_id', 'session_id', 'reply_to', 'role', 'created_at');
alter table public.clarify_messages drop column variant, drop column variants;

delete from supabase_migrations.schema_migrations where version = '20261126110000';
