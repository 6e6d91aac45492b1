import { createHash } from "node:crypto";

/**
 * The keys in Redis, all of them with an expiry. For each version of a cache key:
 *
 * - entry: `keepMs:stamps`, a line break, the payload. Its age is keepMs minus its remaining time to live.
 * - lease: three lines: the token of the process that loads; how long the lease had left at its holder's last sign of
 *   life; the stamps. The holder of a token that ends in `|ms` gives a sign of life at least that often. After a longer
 *   silence the next reader may take the lease.
 *
 * For each tag, where the cache key counts as the first tag of its own entries in every version:
 *
 * - stamp: a text that was never used before. An entry or a lease counts only while every tag has the stamp that it had
 *   when the lease was granted. A write removes the stamp, and a missing stamp matches nothing, so an evicted stamp
 *   outdates too.
 * - fence: a sorted set of the tokens of writers. The score of a running writer is the end of its block; the score of a
 *   settled writer is when it settled, as a negative number.
 */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** A script and its digest, by which a server that has the script is asked to run it. */
export function defineScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

const NOW = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
`;

const LEASE = `
local function readLease(lease)
  local raw = redis.pcall('GET', lease)
  if type(raw) ~= 'string' then return nil end
  local token, lastSign, stamps = string.match(raw, '^([^\\n]*)\\n(%d+)\\n([^\\n]*)$')
  return token, tonumber(lastSign), stamps
end
local function hold(lease, token, ms, stamps)
  local rounded = string.format('%d', ms)
  redis.call('SET', lease, token .. '\\n' .. rounded .. '\\n' .. stamps, 'PX', rounded)
end
`;

/** KEYS[at] and the keys after it are the stamp and the fence of each of `tags` tags. */
const TAGS = `
local function stampsAt(at, tags)
  local stamps = {}
  for tag = 1, tags do
    local stamp = redis.pcall('GET', KEYS[at + tag * 2 - 2])
    if type(stamp) ~= 'string' then return nil end
    stamps[tag] = stamp
  end
  return table.concat(stamps, ',')
end
`;

const GRANT = `
local function fencedAt(at, tags)
  local from = string.format('(%d', now())
  for tag = 1, tags do
    local writers = redis.pcall('ZCOUNT', KEYS[at + tag * 2 - 1], from, '+inf')
    if type(writers) == 'number' and writers > 0 then return true end
  end
  return false
end
local function stampAt(at, tags, new, ms)
  local stamps, rounded = {}, string.format('%d', ms)
  for tag = 1, tags do
    local key = KEYS[at + tag * 2 - 2]
    local stamp = redis.pcall('GET', key)
    if type(stamp) ~= 'string' then
      stamp = new
      redis.call('SET', key, stamp, 'PX', rounded)
    elseif redis.call('PTTL', key) < ms then
      redis.call('PEXPIRE', key, rounded)
    end
    stamps[tag] = stamp
  end
  return table.concat(stamps, ',')
end
`;

/**
 * KEYS, per cache key: entry, lease, and stamp and fence of each tag.
 * ARGV, per cache key: how many tags, ttl, the age from which it is refreshed, whether an expired copy is wanted (1), for
 * how long an entry is kept, the token to lease with (empty: none), for how long.
 * Returns, per cache key, { lease, age, payload, holder }.
 *   lease:  0 none, 1 leased (by `holder`, the asker or another), 2 a write is going on
 *   age:    -1 nothing to serve, -2 the entry is not one of ours
 */
export const READ_OR_LEASE = defineScript(`${NOW}${LEASE}${TAGS}${GRANT}
local replies, at, arg = {}, 1, 1
while at <= #KEYS do
  local entry, lease = KEYS[at], KEYS[at + 1]
  local tags, ttl, aging = tonumber(ARGV[arg]), tonumber(ARGV[arg + 1]), tonumber(ARGV[arg + 2])
  local wantExpired, keepMs = ARGV[arg + 3], tonumber(ARGV[arg + 4])
  local token, leaseMs = ARGV[arg + 5], tonumber(ARGV[arg + 6])
  local state, age, payload, holder = 0, -1, '', ''
  local expired = true
  local stamps = stampsAt(at + 2, tags)
  local raw = redis.pcall('GET', entry)
  if type(raw) == 'string' then
    local keep, loadedUnder, from = string.match(raw, '^(%d+):([^\\n]*)\\n()')
    local left = redis.call('PTTL', entry)
    if not keep or left < 0 or left > tonumber(keep) then
      age = -2
    elseif loadedUnder == stamps then
      age = tonumber(keep) - left
      expired = age >= ttl
      if expired and wantExpired ~= '1' then
        age = -1
      else
        payload = string.sub(raw, from)
      end
    end
  elseif raw then
    age = -2
  end
  if token ~= '' and (expired or age >= aging) then
    if fencedAt(at + 2, tags) then
      state = 2
    else
      state = 1
      local heldBy, lastSign, grantedUnder = readLease(lease)
      local patience = heldBy and tonumber(string.match(heldBy, '|(%d+)$'))
      local silent = patience and lastSign - redis.call('PTTL', lease) > patience
      if heldBy and grantedUnder == stamps and not silent then
        holder = heldBy
      else
        holder = token
        hold(lease, token, leaseMs, stampAt(at + 2, tags, token, keepMs + leaseMs))
      end
    end
  end
  replies[#replies + 1] = { state, age, payload, holder }
  at, arg = at + 2 + tags * 2, arg + 7
end
return replies
`);

/**
 * KEYS as for READ_OR_LEASE. ARGV, per cache key: number of tags, token, payload, keepMs, leaseMs. Stores if the token
 * still holds the lease and no tag has been outdated since the lease was granted, and ends the lease. Returns, per
 * cache key, 1 if stored and 0 otherwise.
 * The age of a value counts from the grant of its lease, because the data cannot have been read earlier.
 */
export const FILL = defineScript(`${LEASE}${TAGS}
local replies, at, arg = {}, 1, 1
while at <= #KEYS do
  local entry, lease = KEYS[at], KEYS[at + 1]
  local tags, token, payload = tonumber(ARGV[arg]), ARGV[arg + 1], ARGV[arg + 2]
  local keep, leaseMs = tonumber(ARGV[arg + 3]), tonumber(ARGV[arg + 4])
  local heldBy, _, grantedUnder = readLease(lease)
  local stored = 0
  if heldBy == token and grantedUnder == stampsAt(at + 2, tags) then
    local left = keep - (leaseMs - redis.call('PTTL', lease))
    redis.call('DEL', lease)
    if left > 0 then
      local head = ARGV[arg + 3] .. ':' .. grantedUnder .. '\\n'
      redis.call('SET', entry, head .. payload, 'PX', string.format('%d', left))
    end
    stored = 1
  end
  replies[#replies + 1] = stored
  at, arg = at + 2 + tags * 2, arg + 5
end
return replies
`);

/** KEYS: a lease. ARGV: token. Ends the lease if that token holds it. */
export const ABANDON = defineScript(`${LEASE}
if readLease(KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`);

/**
 * KEYS: a lease. ARGV: token. Notes that the holder of the lease with this token is still loading. Does not prolong the
 * lease.
 */
export const RENEW = defineScript(`${LEASE}
local heldBy, _, stamps = readLease(KEYS[1])
if heldBy == ARGV[1] then
  local left = redis.call('PTTL', KEYS[1])
  if left > 0 then hold(KEYS[1], heldBy, left, stamps) end
end
return 1
`);

/**
 * How long a settled write is remembered, in milliseconds: longer than the database's webhook takes to report the
 * write. A later report invalidates once more than necessary.
 */
export const SETTLED_MS = 60_000;

const SCORES = `
local function score(fence, token, at, ms)
  redis.call('ZREMRANGEBYSCORE', fence, string.format('(%d', ${SETTLED_MS} - now()), string.format('%d', now()))
  redis.call('ZADD', fence, string.format('%d', at), token)
  if redis.call('PTTL', fence) < ms then redis.call('PEXPIRE', fence, string.format('%d', ms)) end
end
`;

/**
 * KEYS of the scripts of a write, per name: its stamp, its fence, and the keys that are removed with the stamp (entry
 * and lease of the versions that the writer knows). ARGV begins with the number of keys per name.
 */
const OUTDATE = `
local size = tonumber(ARGV[1])
local function outdate(at)
  redis.call('DEL', KEYS[at])
  for i = at + 2, at + size - 1 do redis.call('DEL', KEYS[i]) end
end
`;

/** ARGV: size, token, ms. The block of one writer never shortens that of another. */
export const FENCE = defineScript(`${NOW}${SCORES}${OUTDATE}
local token, ms = ARGV[2], tonumber(ARGV[3])
for i = 1, #KEYS, size do
  outdate(i)
  score(KEYS[i + 1], token, now() + ms, ms)
end
return 1
`);

/** ARGV: size, the token whose block ends, whether its write is settled (1). */
export const RELEASE = defineScript(`${NOW}${SCORES}${OUTDATE}
local token = ARGV[2]
for i = 1, #KEYS, size do
  outdate(i)
  redis.call('ZREM', KEYS[i + 1], token)
  if ARGV[3] == '1' then score(KEYS[i + 1], token, -now(), ${SETTLED_MS}) end
end
return 1
`);

/**
 * ARGV: size, the token of the write that is reported (may be empty). Names for which that write is settled are left
 * alone.
 */
export const INVALIDATE = defineScript(`${NOW}${OUTDATE}
for i = 1, #KEYS, size do
  local at = ARGV[2] ~= '' and redis.pcall('ZSCORE', KEYS[i + 1], ARGV[2])
  local settled = type(at) == 'string' and tonumber(at) < ${SETTLED_MS} - now()
  if not settled then outdate(i) end
end
return 1
`);
