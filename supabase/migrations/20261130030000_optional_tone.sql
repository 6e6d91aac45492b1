-- A reflection may have no tone: the form asks for one, and does not need it.
alter table public.reflections alter column tone drop not null;
