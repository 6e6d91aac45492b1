-- Lost: nothing. Replies that wait to be stored are not stored by the earlier release.

drop function public.store_late_reply (uuid, uuid, uuid, text, text, text, jsonb, jsonb);
drop function public.extend_late_reply (uuid, uuid, integer, text, text, jsonb, jsonb);
drop function private.take_free_claim (uuid, uuid);

delete from supabase_migrations.schema_migrations where version = '20261126120000';
