import { createHash } from "node:crypto";

/**
 * Every cache key is three Redis keys, all with an expiry:
 *
 * - entry: `version:keepMs:payload`. Its age is keepMs minus its remaining time to live.
 * - lease: the token of who is loading, and behind a line break, how long the lease had left when they last said that
 *   they are. A token that ends in `|ms` is one whose holder says so at least that often; once they have been silent for
 *   longer, the lease is the next asker's.
 * - fence: a sorted set of the tokens of writers. Who is writing is scored with when their block ends; who has settled
 *   their write, with when that was, as a negative number.
 *
 * KEYS are always entry, lease, fence, for one cache key after the other.
 */
export interface Script {
  readonly source: string;
  readonly sha: string;
}

/** A script and the digest by which a server that has it is asked to run it. */
export function defineScript(source: string): Script {
  return { source, sha: createHash("sha1").update(source).digest("hex") };
}

const NOW = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local function fenced(key)
  local writers = redis.pcall('ZCOUNT', key, string.format('(%d', now()), '+inf')
  return type(writers) == 'number' and writers > 0
end
`;

const HOLDER = `
local function holderOf(lease)
  local raw = redis.pcall('GET', lease)
  if type(raw) ~= 'string' then return nil end
  local token, lastSign = string.match(raw, '^([^\\n]*)\\n?(%d*)$')
  return token, tonumber(lastSign)
end
local function hold(lease, token, ms)
  redis.call('SET', lease, token .. '\\n' .. string.format('%d', ms), 'PX', string.format('%d', ms))
end
`;

/**
 * ARGV, per cache key: version, ttl, the age from which it is refreshed, whether an expired copy is wanted (1), the
 * token to lease with (empty: none), for how long.
 * Returns, per cache key, { lease, age, payload, holder }.
 *   lease:  0 none, 1 leased (by `holder`, the asker or another), 2 a write is going on
 *   age:    -1 nothing to serve, -2 the entry is not one of ours
 */
export const READ_OR_LEASE = defineScript(`${NOW}${HOLDER}
local replies = {}
for i = 1, #KEYS / 3 do
  local entry, lease, fence = KEYS[i * 3 - 2], KEYS[i * 3 - 1], KEYS[i * 3]
  local at = i * 6 - 6
  local version, ttl, aging = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  local wantExpired, token, leaseMs = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6]
  local state, age, payload, holder = 0, -1, '', ''
  local expired = true
  local raw = redis.pcall('GET', entry)
  if type(raw) == 'string' then
    local written, keep, from = string.match(raw, '^(%d+):(%d+):()')
    local left = redis.call('PTTL', entry)
    if not written or left < 0 or left > tonumber(keep) then
      age = -2
    elseif written == version then
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
    if fenced(fence) then
      state = 2
    else
      state = 1
      local lastSign
      holder, lastSign = holderOf(lease)
      local patience = holder and lastSign and tonumber(string.match(holder, '|(%d+)$'))
      if not holder or patience and lastSign - redis.call('PTTL', lease) > patience then
        holder = token
        hold(lease, token, tonumber(leaseMs))
      end
    end
  end
  replies[i] = { state, age, payload, holder }
end
return replies
`);

/**
 * ARGV, per cache key: token, version, payload, keepMs, leaseMs. Stores while that token holds the lease, and ends it;
 * returns, per cache key, 1 then and 0 otherwise.
 * The age of a value counts from when its lease was granted, because nobody can have read it earlier.
 */
export const FILL = defineScript(`${HOLDER}
local replies = {}
for i = 1, #KEYS / 3 do
  local entry, lease = KEYS[i * 3 - 2], KEYS[i * 3 - 1]
  local at = i * 5 - 5
  local token, version, payload = ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  local keep, leaseMs = tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  replies[i] = 0
  if holderOf(lease) == token then
    local left = keep - (leaseMs - redis.call('PTTL', lease))
    redis.call('DEL', lease)
    if left > 0 then
      redis.call('SET', entry, version .. ':' .. ARGV[at + 4] .. ':' .. payload, 'PX', string.format('%d', left))
    end
    replies[i] = 1
  end
end
return replies
`);

/** ARGV: token. Ends the lease if that token holds it. */
export const ABANDON = defineScript(`${HOLDER}
if holderOf(KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1
`);

/** ARGV: token. Says that whoever holds the lease by this token is still loading; the lease lasts no longer for it. */
export const RENEW = defineScript(`${HOLDER}
local lease = KEYS[2]
if holderOf(lease) == ARGV[1] then
  local left = redis.call('PTTL', lease)
  if left > 0 then hold(lease, ARGV[1], left) end
end
return 1
`);

/**
 * How long a settled write is remembered, in milliseconds: longer than the news of it takes on its way through the
 * database's webhook. News that comes later invalidates once more than was needed.
 */
export const SETTLED_MS = 60_000;

const SCORES = `
local function score(fence, token, at, ms)
  redis.call('ZREMRANGEBYSCORE', fence, string.format('(%d', ${SETTLED_MS} - now()), string.format('%d', now()))
  redis.call('ZADD', fence, string.format('%d', at), token)
  if redis.call('PTTL', fence) < ms then redis.call('PEXPIRE', fence, string.format('%d', ms)) end
end
`;

/** ARGV: token, ms. A writer's block never shortens another's. */
export const FENCE = defineScript(`${NOW}${SCORES}
local token, ms = ARGV[1], tonumber(ARGV[2])
for i = 1, #KEYS, 3 do
  redis.call('DEL', KEYS[i], KEYS[i + 1])
  score(KEYS[i + 2], token, now() + ms, ms)
end
return 1
`);

/** ARGV: the token whose block is lifted, whether its write is settled (1). */
export const RELEASE = defineScript(`${NOW}${SCORES}
local token = ARGV[1]
for i = 1, #KEYS, 3 do
  redis.call('DEL', KEYS[i], KEYS[i + 1])
  redis.call('ZREM', KEYS[i + 2], token)
  if ARGV[2] == '1' then score(KEYS[i + 2], token, -now(), ${SETTLED_MS}) end
end
return 1
`);

/** ARGV: the token of the write that this is the news of (may be empty). Keys for which it is settled are left alone. */
export const INVALIDATE = defineScript(`${NOW}
for i = 1, #KEYS, 3 do
  local at = ARGV[1] ~= '' and redis.pcall('ZSCORE', KEYS[i + 2], ARGV[1])
  local settled = type(at) == 'string' and tonumber(at) < ${SETTLED_MS} - now()
  if not settled then redis.call('DEL', KEYS[i], KEYS[i + 1]) end
end
return 1
`);
