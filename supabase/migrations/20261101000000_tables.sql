-- Six tables, each row owned by one person. References between them carry user_id, so that a row can only ever
-- point at a row of the same person, whatever the client sends.

create table public.users (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null check (char_length(name) between 1 and 100),
  tier text not null default 'free' check (tier in ('free', 'pro', 'unlimited')),
  total_sessions integer not null default 0 check (total_sessions >= 0),
  total_reflections integer not null default 0 check (total_reflections >= 0),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create table public.dreams (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id) on delete cascade,
  session_id uuid,
  title text not null check (char_length(title) between 1 and 200),
  description text check (char_length(description) <= 4000),
  category text check (char_length(category) between 1 and 50),
  status text not null default 'active' check (status in ('active', 'achieved', 'released')),
  target_date date,
  achieved_at timestamptz,
  released_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint dreams_id_user_id_key unique (id, user_id)
);

create table public.clarify_sessions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id) on delete cascade,
  dream_id uuid,
  title text check (char_length(title) between 1 and 200),
  status text not null default 'active' check (status in ('active', 'archived')),
  message_count integer not null default 0 check (message_count >= 0),
  -- A session without messages counts from its creation, so that orders and cursors never meet a null.
  last_message_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint clarify_sessions_id_user_id_key unique (id, user_id),
  constraint clarify_sessions_dream_fkey foreign key (dream_id, user_id)
    references public.dreams (id, user_id) on delete set null (dream_id)
);

alter table public.dreams
  add constraint dreams_session_fkey foreign key (session_id, user_id)
    references public.clarify_sessions (id, user_id) on delete set null (session_id);

create table public.clarify_messages (
  id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  session_id uuid not null,
  reply_to uuid,
  role text not null check (role in ('user', 'assistant')),
  content text not null,
  status text not null default 'complete' check (status in ('complete', 'interrupted', 'failed')),
  input_tokens integer check (input_tokens >= 0),
  output_tokens integer check (output_tokens >= 0),
  cache_read_tokens integer check (cache_read_tokens >= 0),
  cache_write_tokens integer check (cache_write_tokens >= 0),
  -- On a reply: who wrote it; 'offline' for the offline voice.
  model text check (char_length(model) between 1 and 100),
  tool_use jsonb,
  consolidated_at timestamptz,
  -- The statement's clock, not the transaction's: two rows of one transaction must still have an order.
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint clarify_messages_reply_to_key unique (reply_to),
  constraint clarify_messages_id_session_id_key unique (id, session_id),
  constraint clarify_messages_session_fkey foreign key (session_id, user_id)
    references public.clarify_sessions (id, user_id) on delete cascade,
  constraint clarify_messages_reply_fkey foreign key (reply_to, session_id)
    references public.clarify_messages (id, session_id) on delete cascade,
  constraint clarify_messages_only_assistant_replies check (reply_to is null or role = 'assistant'),
  constraint clarify_messages_content_check check (
    case role
      when 'user' then char_length(content) <= 4000 and content ~ '\S'
      else char_length(content) <= 100000
    end
  )
);

create table public.clarify_patterns (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id) on delete cascade,
  session_id uuid,
  type text not null check (type in ('recurring_theme', 'tension', 'potential_dream', 'identity_signal')),
  content text not null check (char_length(content) between 1 and 1000),
  strength smallint not null default 1 check (strength between 1 and 10),
  last_seen_at timestamptz not null default clock_timestamp(),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint clarify_patterns_session_fkey foreign key (session_id, user_id)
    references public.clarify_sessions (id, user_id) on delete set null (session_id)
);

create table public.reflections (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.users (id) on delete cascade,
  dream_id uuid,
  tone text not null check (char_length(tone) between 1 and 40),
  content text not null check (char_length(content) between 1 and 10000),
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint reflections_dream_fkey foreign key (dream_id, user_id)
    references public.dreams (id, user_id) on delete set null (dream_id)
);

-- One index per loader of the context, in the loader's own order. All of them start with user_id, so they serve the
-- cascade from users as well.
create index dreams_by_user on public.dreams (user_id, status, updated_at desc, id desc);
create index clarify_patterns_by_user on public.clarify_patterns (user_id, strength desc, last_seen_at desc, id desc);
create index clarify_sessions_by_user on public.clarify_sessions (user_id, status, last_message_at desc, id desc);
create index reflections_by_user on public.reflections (user_id, created_at desc, id desc);

-- Pages of a conversation. The owner is in it because row-level security asks for them in every query.
create index clarify_messages_by_session on public.clarify_messages (session_id, user_id, created_at desc, id desc);

create index clarify_messages_by_user on public.clarify_messages (user_id);
create index clarify_patterns_by_session on public.clarify_patterns (session_id) where session_id is not null;
create index clarify_sessions_by_dream on public.clarify_sessions (dream_id) where dream_id is not null;
create index dreams_by_session on public.dreams (session_id) where session_id is not null;
create index reflections_by_dream on public.reflections (dream_id) where dream_id is not null;
