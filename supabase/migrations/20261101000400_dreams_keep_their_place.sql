-- Removing a conversation empties session_id of the dreams that came from it. That is no change to the dream: it must not
-- move to the top of the list, which is ordered by updated_at and cached under dreams, not under conversations.
drop trigger b_touch on public.dreams;
create trigger b_touch
  before update of title, description, category, status, target_date, achieved_at, released_at, updated_at
  on public.dreams
  for each row execute function private.touch();
