-- Lost: nothing but how far replies have come that are being written at this moment.

drop function public.running_reply (uuid);
drop function public.tell_reply (uuid, uuid, jsonb);
drop function public.told_reply (uuid, integer);
drop function public.stop_reply (uuid, uuid);
drop table private.running_replies;

delete from supabase_migrations.schema_migrations where version = '20261125200000';
