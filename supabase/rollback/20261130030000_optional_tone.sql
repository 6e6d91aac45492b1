-- Lost: that a reflection has no tone. It gets a dash, because the earlier release cannot show one without.

update public.reflections set tone = '–' where tone is null;
alter table public.reflections alter column tone set not null;

delete from supabase_migrations.schema_migrations where version = '20261130030000';
