-- Older reflections, dreams and messages that share words with a message: found by the call that stores the message, so that they cost
-- no round trip.

-- The form in which searches compare texts (fold in server/sessions/fold.ts, and search_messages).
create function private.fold(p_text text) returns text
language sql immutable strict parallel safe as $$
  select replace(
    lower(
      regexp_replace(
        normalize(p_text, NFKD),
        '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]+', '', 'g'
      )
    ),
    'ς', 'σ'
  )
$$;

-- Words that say nothing about what a text is about, in addition to those of the dictionaries.
create function private.is_stop_word(p_word text) returns boolean
language sql immutable strict parallel safe as $$
  select p_word = any ('{
    able,about,above,across,actually,against,ago,along,almost,alone,already,also,although,always,another,anymore,anyone,anything,around,away,back,bad,become,
    beautiful,began,begin,believe,best,better,big,bit,came,cannot,change,come,could,couldn,day,days,dear,decide,did,didn,different,doesn,don,done,
    dont,else,end,enough,even,evening,ever,every,everyone,everything,far,feel,feeling,feels,felt,find,first,full,gave,get,gets,getting,give,go,goes,going,
    gone,gonna,good,got,great,happen,happened,hard,hello,help,hey,hi,hour,hours,however,idea,im,instead,isn,ive,just,keep,kept,kind,knew,
    know,last,late,later,least,left,less,let,life,like,little,ll,long,look,looking,lot,made,make,makes,making,many,
    maybe,mean,might,mind,minute,minutes,moment,month,months,morning,much,must,myself,need,never,new,next,nice,night,nobody,nothing,ok,okay,old,often,once,one,
    open,people,perhaps,person,place,please,point,probably,put,quite,rather,re,ready,real,realise,realize,really,reason,remember,right,said,saw,say,saying,
    says,second,see,seem,seems,seen,set,shall,short,show,simply,since,small,somebody,someone,something,sometimes,somewhere,soon,sorry,
    sort,start,started,stay,still,stop,sure,take,taken,talk,tell,thank,thanks,thing,things,think,thinking,thought,thoughts,three,time,
    times,today,together,told,tomorrow,tonight,took,toward,towards,tried,true,try,trying,turn,two,understand,until,upon,us,use,used,ve,wait,
    want,wanted,wants,wasn,way,week,weekend,weeks,well,went,whatever,whether,whole,without,won,wonder,would,wouldn,
    write,wrong,year,years,yes,yesterday,yet,
    אבל,או,אולי,אומר,אומרת,אותה,אותו,אותי,אותך,אותם,אותנו,אז,אחד,אחר,אחרי,אחת,אי,איזה,איזו,איך,אין,איפה,איתה,איתו,איתי,איתך,איתם,אל,אלה,אליה,אליו,אליי,אלי,
    אלו,אם,אמר,אמרה,אמרתי,אנחנו,אני,אנשים,אפילו,אפשר,אצל,אצלי,אשר,את,אתה,אתם,אתמול,בא,באה,באמת,בגלל,בדיוק,בו,בה,בוא,בוקר,בזה,בי,ביום,בין,בכלל,בלי,בכל,בקשר,בסוף,בעצם,בערב,
    בשביל,בשנה,בתוך,גדול,גדולה,גם,דבר,דברים,דווקא,די,דרך,הוא,היא,היה,היו,היום,היית,הייתה,הייתי,היינו,הם,הן,הנה,הרבה,הרגשתי,ואז,וגם,ולא,זאת,זה,זהו,זמן,זו,
    חבל,חדש,חדשה,חודש,חודשים,חושב,חושבת,חשבתי,טוב,טובה,יהיה,יודע,יודעת,יום,יותר,יחד,יכול,יכולה,ימים,יש,ישר,כאילו,כאן,כבר,כדאי,כדי,כולם,כי,כיף,ככה,כזאת,כזה,כך,כל,כלום,כמה,
    כמו,כן,כנראה,כרגע,כש,לא,לאן,לגבי,לגמרי,לה,להגיד,להתחיל,התחלתי,מתחיל,להיות,להם,לו,לומר,לזה,לי,לילה,לך,לכם,לכל,למה,למרות,לנו,לעולם,לפני,לפעמים,לקח,לקחתי,לקחת,לראות,מאוד,מאז,מה,
    מהר,מול,מחר,מי,מיד,מישהו,מישהי,מכל,ממה,ממנה,ממנו,ממני,ממש,מן,מספיק,מפה,מצד,מרגיש,מרגישה,משהו,מתי,נגד,ניסיתי,נכון,נראה,סוף,סתם,עד,עדיין,עוד,
    עושה,עושים,על,עלי,עליי,עליו,עליה,עם,עצמי,עצמו,עצמה,ערב,עשה,עשיתי,עשתה,עכשיו,פה,פחות,פעם,פעמיים,פשוט,צריך,צריכה,קודם,קטן,קטנה,קצת,קשה,רגע,רוצה,רוצים,רע,רציתי,רק,
    שאלה,שאני,שאת,שבוע,שבועות,שוב,של,שלא,שלה,שלהם,שלו,שלי,שלך,שלנו,שם,שנה,שנים,שעה,שעות,תמיד,תודה,תוך
  }'::text[])
$$;

-- The words of a text, each with every form in which it is compared: without its ending, and in Hebrew also without one and two of the
-- letters that are written together with it (and, the, in, to, from, as, that). Words that say nothing are left out. Text without spaces
-- between words, in Chinese and Japanese, is taken in pairs of characters. A loop, because a query over the words costs ten times as much.
create function private.words_of(p_text text) returns table (word text, lexeme text)
language plpgsql immutable strict parallel safe set search_path = '' as $$
declare
  v_text text := left(normalize(private.fold(p_text), NFKC), 12000);
  v_pairs text;
  v_base text;
begin
  foreach word in array regexp_split_to_array(
    v_text,
    '[\u0001-/:-@[-`{-\u00bf\u00d7\u00f7\u05be\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u0640\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u20a0-\u2bff\u3000-\u303f\ufe00-\ufe0f\U0001f000-\U0001faff]+'
  ) loop
    continue when char_length(word) not between 2 and 60 or word ~ '^[0-9]+$' or private.is_stop_word(word);
    if word ~ '[\u0590-\u05ff]' then
      v_base := translate(word, 'ךםןףץ', 'כמנפצ');
      foreach lexeme in array array[
        v_base,
        case when v_base ~ '^[והבלמשכ]...|^ה..$' then substr(v_base, 2) end,
        case when v_base ~ '^[והבלמשכ]{2}...' then substr(v_base, 3) end
      ] loop
        lexeme := regexp_replace(lexeme, '^(.{3,}?)(יות|יימ|ימ|ות|תי|נו|ה|ת|י)$', '\1');
        if lexeme is not null and not private.is_stop_word(lexeme) then
          return next;
        end if;
      end loop;
      continue;
    end if;
    if word ~ '[\u3400-\u9fff\u30a0-\u30ff]' then
      for v_pairs in select pairs.run[1] from regexp_matches(word, '[\u3400-\u9fff]{2,}|[\u30a0-\u30ff]{2,}', 'g') as pairs (run) loop
        for at in 1 .. char_length(v_pairs) - 1 loop
          word := substr(v_pairs, at, 2);
          lexeme := word;
          return next;
        end loop;
      end loop;
      continue;
    end if;
    lexeme := case
      when word ~ '[a-z]' then (ts_lexize('pg_catalog.english_stem', word))[1]
      when word ~ '[\u0400-\u04ff]' then (ts_lexize('pg_catalog.russian_stem', word))[1]
      when word ~ '[\u0370-\u03ff]' then (ts_lexize('pg_catalog.greek_stem', word))[1]
      when word ~ '[\u0600-\u06ff]' then (ts_lexize('pg_catalog.arabic_stem', word))[1]
      else word
    end;
    if lexeme is not null and not private.is_stop_word(lexeme) then
      return next;
    end if;
  end loop;
end;
$$;

-- The words of everyday life, in the forms in which they are compared. They weigh less than others, because they say less about what a text
-- is about. How often a person uses them does not show that while there are few texts.
create table private.common_lexemes (lexeme text primary key);
alter table private.common_lexemes enable row level security;
insert into private.common_lexemes (lexeme)
select distinct words.lexeme
from private.words_of($$
  monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november
  december spring summer autumn winter four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred
  thousand half third twice several whole early afternoon midnight
  man men woman women child children boy girl friend friends mother father mum mom dad parents brother sister son daughter family husband
  wife uncle aunt neighbour neighbor boss teacher doctor team colleague guest name group company
  head hand face eye arm leg foot feet hair voice mouth body shoulder finger knee skin
  house home flat apartment room door window wall floor stairs roof table chair bed kitchen bathroom garden street road city town village
  country school office car bus train bike station shop supermarket park river sea box bag book paper letter page phone telephone picture
  photo line side top front middle corner part piece bottle glass cup bowl plate key shoe coat dress shirt clothes bin tree grass light
  job money price pound euro mile metre kilometre number question answer problem story news game music film party holiday birthday
  dinner lunch breakfast supper meal food water tea coffee milk fruit fish meat soup salad cake weather rain sun wind snow dog cat
  meeting report order list form plan trip visit present ticket
  ask answer call ring rang walk run ran stand stood sit sat lie lay sleep slept eat ate drink drank read hold held carry bring brought
  leave move meet met speak spoke play pay paid buy bought sell sold spend spent send sent watch listen follow cut throw threw break broke
  close fall fell grow grew build built count offer notice laugh smile shout hurt wash cook clean drive drove ride win lose lost forget
  forgot choose chose wear wore wake woke finish return arrive answer push pull drop hang clear check pass wrote pretend fill join shook
  high low hot cold warm dark heavy easy quick slow quiet loud fast deep wide thin thick white black red green blue grey bright dirty rich
  poor young empty busy free full angry proud strange quiet wet dry
  ראשון שני שלישי רביעי חמישי שישי שבת ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר אביב קיץ סתיו חורף
  שתיים שתים שניים שלוש שלושה ארבע ארבעה חמש חמישה שש שישה שבע שבעה שמונה תשע תשעה עשר עשרה עשרים שלושים ארבעים חמישים שישים מאה מאות
  אלף אלפים חצי שעתיים יומיים שבועיים חודשיים שנתיים צהריים חצות מוקדם מאוחר אחרון אחרונה
  איש אישה גבר נשים גברים ילד ילדה ילדים בן בת חבר חברה חברים אבא אמא הורים אח אחות משפחה בעל דוד דודה שכן שכנים בוס מורה רופא צוות
  מנהל אדם שם קבוצה
  ראש יד ידיים פנים עין עיניים רגל רגליים שיער קול פה גוף כתף אצבע ברך
  בית דירה חדר דלת חלון קיר רצפה מדרגות גג שולחן כיסא מיטה מטבח מקלחת שירותים גינה רחוב כביש עיר כפר ארץ בית ספר משרד מכונית אוטובוס
  רכבת אופניים תחנה חנות סופר פארק נהר ים ארגז תיק ספר נייר מכתב דף טלפון תמונה קו צד קומה פינה חלק בקבוק כוס קערה צלחת מפתח נעליים
  מעיל שמלה חולצה בגדים עץ דשא אור עבודה כסף מחיר שקל קילומטר מטר מספר תשובה בעיה סיפור חדשות משחק מוזיקה סרט מסיבה חופשה הולדת
  ארוחה אוכל מים תה קפה חלב פירות דג בשר מרק סלט עוגה מזג אוויר גשם שמש רוח שלג כלב חתול חתולה ישיבה דוח רשימה תוכנית טיול ביקור מתנה
  כרטיס מקום
  שאל שאלתי ענה עניתי קרא קראתי קוראים התקשר התקשרתי הלך הלכתי הלכה רץ רצתי עמד עמדתי ישב ישבתי שכב ישן ישנתי אכל אכלתי שתה שתיתי
  החזיק החזקתי הביא הבאתי עזב עזבתי עבר עברתי פגש פגשתי דיבר דיברתי שיחק שילם שילמתי קנה קניתי מכר מכרתי שלח שלחתי ראה ראיתי הסתכל
  מסתכל הקשיב שבר שברתי סגר פתח פתחתי נפל נפלתי בנה ספר ספרתי הציע הציעו שם שמתי לב צחק צחקתי חייך בכה בכיתי כאב כואב שטף בישל בישלתי
  ניקיתי נסע נסעתי ניצח הפסיד שכח שכחתי בחר בחרתי לבש התעורר התעוררתי סיים סיימתי חזר חזרתי הגיע הגעתי יצא יצאתי נכנס מצא מצאתי חיכה
  חיכיתי ליד קרוב רחוק
  גבוה נמוך חם קר חשוך כבד קל מהיר איטי שקט רועש עמוק רחב דק לבן שחור אדום ירוק כחול אפור נקי מלוכלך עשיר עני צעיר ישן זקן ריק עסוק
  פנוי מלא עייף כועס יפה ארוך קצר
$$) as words;

-- The words of the items that a message can be related to: reflections, dreams, and messages that the person wrote. They are kept as
-- hashes of person and word, so that an index holds everybody's words apart: an index of plain words would read the rows of other
-- people with the same words, and one on user_id all rows of the person.
create table private.item_words (
  item_id uuid primary key,
  user_id uuid not null references public.users (id) on delete cascade,
  kind text not null check (kind in ('reflection', 'dream', 'message')),
  at timestamptz not null,
  keys bigint[] not null
);
create index item_words_by_user on private.item_words (user_id);
create index item_words_by_key on private.item_words using gin (keys) with (fastupdate = off);
alter table private.item_words enable row level security;

create function private.word_key(p_user_id uuid, p_lexeme text) returns bigint
language sql immutable strict parallel safe as $$
  select hashtextextended(p_user_id::text || p_lexeme, 0)
$$;

create function private.keep_item_words(p_item_id uuid, p_user_id uuid, p_kind text, p_at timestamptz, p_text text) returns void
language sql volatile security definer set search_path = '' as $$
  insert into private.item_words (item_id, user_id, kind, at, keys)
  select p_item_id, p_user_id, p_kind, p_at, coalesce(array_agg(distinct private.word_key(p_user_id, lexeme)), '{}')
  from private.words_of(p_text)
  on conflict (item_id) do update set at = excluded.at, keys = excluded.keys;
$$;

create function private.index_item() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  case tg_table_name
    when 'reflections' then
      perform private.keep_item_words(new.id, new.user_id, 'reflection', new.created_at, new.content);
    when 'dreams' then
      perform private.keep_item_words(
        new.id, new.user_id, 'dream', new.created_at, concat_ws(' ', new.title, new.category, new.description)
      );
    when 'clarify_messages' then
      perform private.keep_item_words(new.id, new.user_id, 'message', new.created_at, new.content);
  end case;
  return null;
end;
$$;

create function private.unindex_item() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  delete from private.item_words where item_id = old.id;
  return null;
end;
$$;

create trigger d_index_item after insert or update of content on public.reflections
  for each row execute function private.index_item();
create trigger d_index_item after insert or update of title, category, description on public.dreams
  for each row execute function private.index_item();
create trigger d_index_item after insert or update of content on public.clarify_messages
  for each row when (new.role = 'user') execute function private.index_item();
create trigger d_unindex_item after delete on public.reflections for each row execute function private.unindex_item();
create trigger d_unindex_item after delete on public.dreams for each row execute function private.unindex_item();
create trigger d_unindex_item after delete on public.clarify_messages
  for each row when (old.role = 'user') execute function private.unindex_item();

do $$ begin
  perform private.keep_item_words(id, user_id, 'reflection', created_at, content) from public.reflections;
  perform private.keep_item_words(id, user_id, 'dream', created_at, concat_ws(' ', title, category, description)) from public.dreams;
  perform private.keep_item_words(id, user_id, 'message', created_at, content) from public.clarify_messages where role = 'user';
end $$;

-- The person's older items that share words with a message of theirs, best first; empty when none shares enough. A word weighs more the
-- fewer of the person's items contain it and the longer it is, and less when it is one of everyday life. A word that more than 400 items
-- contain weighs nothing, so the cost has a bound: 48 words, and 401 items for each. A single rare word is enough, a single one of
-- everyday life is not.
--
-- Left out: what the context has anyway (the latest three reflections and five active dreams), the conversation of the message, and what
-- is paused, off the record, or was refused by the model.
create function private.related_items(p_message public.clarify_messages, p_text text, p_limit integer) returns jsonb
language plpgsql stable security definer set search_path = '' set enable_seqscan = off as $$
declare
  v_user_id uuid := p_message.user_id;
  v_items double precision;
  v_related jsonb;
begin
  -- Four hundred stand for any more, as no word that weighs anything is in more of them.
  select count(*) into v_items
  from (select 1 from private.item_words where user_id = v_user_id limit 400) as counted;

  with asked as materialized (
    select min(words.word) as word, words.lexeme, private.word_key(v_user_id, words.lexeme) as key
    from private.words_of(p_text) as words
    group by words.lexeme
    order by char_length(min(words.word)) desc, min(words.word), words.lexeme
    limit 48
  ),
  hits as materialized (
    select asked.word, asked.lexeme, item.item_id, item.kind, item.at, item.size
    from asked
    cross join lateral (
      select words.item_id, words.kind, words.at, cardinality(words.keys)::real as size
      from private.item_words as words
      where words.keys @> array[asked.key] and words.item_id <> p_message.id
      limit 401
    ) as item
  ),
  weights as (
    select hits.lexeme,
      ln(1 + v_items / count(*)) / ln(1 + v_items) * case when common.lexeme is null then 1 else 0.4 end as weight
    from hits left join private.common_lexemes as common on common.lexeme = hits.lexeme
    group by hits.lexeme, common.lexeme having count(*) <= 400
  ),
  shared as (
    select hits.item_id, hits.kind, hits.at, hits.size, hits.word,
      -- A pair of characters says as much as a word of six letters.
      max(weights.weight) * sqrt(case when hits.word ~ '[\u3400-\u9fff\u30a0-\u30ff]' then 6 else char_length(hits.word) end) as weight
    from hits join weights on weights.lexeme = hits.lexeme
    group by hits.item_id, hits.kind, hits.at, hits.size, hits.word
  ),
  enough as materialized (
    select item_id, kind, at, sum(weight) / sqrt(1 + size / 100) as score, array_agg(word order by weight desc, word) as words
    from shared
    group by item_id, kind, at, size
    having sum(weight) / sqrt(1 + size / 100) >= 1.5
    order by score desc, at desc, item_id
    limit 200
  )
  select jsonb_agg(to_jsonb(best) order by best.score desc, best.at desc, best.id) into v_related
  from (
    select * from (
      select 'reflection' as kind, item.id, null::uuid as session_id, item.tone as title, left(item.content, 2000) as content,
        null::text as status, enough.at, enough.words, enough.score
      from enough join public.reflections as item on enough.kind = 'reflection' and item.id = enough.item_id
      where not item.paused and item.id not in (
        select latest.id from public.reflections as latest
        where latest.user_id = v_user_id and not latest.paused
        order by latest.created_at desc, latest.id desc limit 3
      )
      union all
      select 'dream', item.id, null, item.title, left(item.description, 2000), item.status, enough.at, enough.words, enough.score
      from enough join public.dreams as item on enough.kind = 'dream' and item.id = enough.item_id
      where not item.paused and item.id not in (
        select latest.id from public.dreams as latest
        where latest.user_id = v_user_id and latest.status = 'active' and not latest.paused
        order by latest.updated_at desc, latest.id desc limit 5
      )
      union all
      select 'message', item.id, item.session_id, session.title, left(item.content, 2000), null, enough.at, enough.words, enough.score
      from enough
      join public.clarify_messages as item on enough.kind = 'message' and item.id = enough.item_id
      join public.clarify_sessions as session on session.id = item.session_id
      where item.session_id <> p_message.session_id and not session.off_record and not exists (
        select 1 from public.clarify_messages as reply where reply.reply_to = item.id and reply.status = 'refused'
      )
    ) as allowed
    order by score desc, at desc, id
    limit p_limit
  ) as best;

  return coalesce(v_related, '[]'::jsonb);
end;
$$;

-- Null when the search fails: a message is stored and answered without it. Costs nothing with a limit of 0.
create function private.related_items_or_null(p_message public.clarify_messages, p_text text, p_limit integer) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
  if p_limit = 0 then
    return '[]'::jsonb;
  end if;
  return private.related_items(p_message, p_text, p_limit);
exception when others then
  return null;
end;
$$;

-- As before, and with the items that are related to the message, at most p_related_limit, when the caller has to answer it. A release that
-- does not ask for them gets none.
drop function public.begin_message (uuid, uuid, text, integer, uuid, integer);
create function public.begin_message(
  p_session_id uuid,
  p_message_id uuid,
  p_content text,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer,
  p_related_limit integer default 0
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_user_id uuid := private.caller();
  v_message public.clarify_messages;
  v_session public.clarify_sessions;
  v_reply jsonb;
  v_history jsonb;
  v_related jsonb := '[]'::jsonb;
  v_claimed boolean := false;
begin
  if (
    p_history_limit between 0 and 100 and p_claim_ms between 1 and 600000 and p_related_limit between 0 and 10
    and p_claim_token is not null
  ) is not true then
    raise exception 'p_history_limit, p_claim_ms, p_related_limit or p_claim_token is out of range' using errcode = '22023';
  end if;

  -- Locked, so that two messages of one session cannot both find it free.
  perform 1 from public.clarify_sessions where id = p_session_id and user_id = v_user_id for update;
  if not found then
    raise exception 'session not found' using errcode = 'PT404';
  end if;

  if exists (
    select 1 from public.clarify_messages as other
    where other.session_id = p_session_id and other.id <> p_message_id and other.answering_until > clock_timestamp()
  ) then
    raise exception 'another message is being answered' using errcode = 'PT429';
  end if;

  insert into public.clarify_messages (id, user_id, session_id, role, content)
  values (p_message_id, v_user_id, p_session_id, 'user', p_content)
  on conflict (id) do nothing;

  select * into v_message from public.clarify_messages where id = p_message_id and user_id = v_user_id;
  if not found
    or v_message.session_id <> p_session_id
    or v_message.role <> 'user'
    or v_message.content <> p_content
  then
    raise exception 'message id is taken' using errcode = 'PT409';
  end if;

  select to_jsonb(reply) into v_reply from public.clarify_messages as reply where reply.reply_to = p_message_id;

  if v_reply is null then
    update public.clarify_messages
    set answering_token = p_claim_token, answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
    where id = p_message_id and (answering_until is null or answering_until <= clock_timestamp());
    v_claimed := found;
  end if;

  select * into v_session from public.clarify_sessions where id = p_session_id;

  select coalesce(jsonb_agg(to_jsonb(earlier) order by earlier.created_at, earlier.id), '[]'::jsonb)
  into v_history
  from (
    select *
    from public.clarify_messages as message
    where message.session_id = p_session_id
      and (message.created_at, message.id) < (v_message.created_at, v_message.id)
    order by message.created_at desc, message.id desc
    limit p_history_limit
  ) as earlier;

  if v_claimed then
    v_related := private.related_items_or_null(v_message, p_content, p_related_limit);
  end if;

  return jsonb_build_object(
    'message', to_jsonb(v_message),
    'claimed', v_claimed,
    'reply', v_reply,
    'history', v_history,
    'related', v_related,
    'session', to_jsonb(v_session)
  );
end;
$$;

-- As before, and with the items that are related to the message, or to p_question where the message is asked in other words.
drop function public.begin_variant (uuid, uuid, uuid, integer, uuid, integer);
create function public.begin_variant(
  p_session_id uuid,
  p_message_id uuid,
  p_reply_id uuid,
  p_history_limit integer,
  p_claim_token uuid,
  p_claim_ms integer,
  p_question text default null,
  p_related_limit integer default 0
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_session public.clarify_sessions;
  v_message public.clarify_messages;
  v_reply public.clarify_messages;
  v_history jsonb;
  v_related jsonb := '[]'::jsonb;
  v_done boolean;
  v_claimed boolean := false;
begin
  if (
    p_history_limit between 0 and 100 and p_claim_ms between 1 and 600000 and p_related_limit between 0 and 10
    and p_claim_token is not null and p_reply_id is not null
  ) is not true then
    raise exception 'p_history_limit, p_claim_ms, p_related_limit, p_claim_token or p_reply_id is out of range' using errcode = '22023';
  end if;

  v_session := private.lock_session(p_session_id);
  if exists (
    select 1 from public.clarify_messages as other
    where other.session_id = p_session_id and other.id <> p_message_id and other.answering_until > clock_timestamp()
  ) then
    raise exception 'another message is being answered' using errcode = 'PT429';
  end if;
  v_message := private.last_question(p_session_id, p_message_id);
  select * into v_reply from public.clarify_messages where reply_to = p_message_id;

  v_done := v_reply.id is not distinct from p_reply_id
    or exists (select 1 from public.clarify_variants where id = p_reply_id and message_id = p_message_id);
  if not v_done then
    update public.clarify_messages
    set answering_token = p_claim_token, answering_until = clock_timestamp() + p_claim_ms * interval '1 millisecond'
    where id = p_message_id and (answering_until is null or answering_until <= clock_timestamp());
    v_claimed := found;
  end if;

  select coalesce(jsonb_agg(to_jsonb(earlier) order by earlier.created_at, earlier.id), '[]'::jsonb)
  into v_history
  from (
    select *
    from public.clarify_messages as message
    where message.session_id = p_session_id
      and (message.created_at, message.id) < (v_message.created_at, v_message.id)
    order by message.created_at desc, message.id desc
    limit p_history_limit
  ) as earlier;

  if v_claimed then
    v_related := private.related_items_or_null(v_message, coalesce(p_question, v_message.content), p_related_limit);
  end if;

  return jsonb_build_object(
    'message', to_jsonb(v_message),
    'claimed', v_claimed,
    'done', v_done,
    'reply', case when v_reply.id is not null then to_jsonb(v_reply) end,
    'history', v_history,
    'related', v_related,
    'session', to_jsonb(v_session)
  );
end;
$$;

revoke execute on function
  private.fold (text),
  private.is_stop_word (text),
  private.words_of (text),
  private.word_key (uuid, text),
  private.keep_item_words (uuid, uuid, text, timestamptz, text),
  private.related_items (public.clarify_messages, text, integer),
  private.related_items_or_null (public.clarify_messages, text, integer)
from public, anon, authenticated;
revoke execute on function
  public.begin_message (uuid, uuid, text, integer, uuid, integer, integer),
  public.begin_variant (uuid, uuid, uuid, integer, uuid, integer, text, integer)
from public, anon;
grant execute on function
  public.begin_message (uuid, uuid, text, integer, uuid, integer, integer),
  public.begin_variant (uuid, uuid, uuid, integer, uuid, integer, text, integer)
to authenticated;
