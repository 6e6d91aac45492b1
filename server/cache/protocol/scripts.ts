import { createHash } from "node:crypto";

/**
 * Every cache key is three Redis keys, all with an expiry:
 *
 * - entry: `version:keepMs:payload`. Its age is keepMs minus its remaining time to live.
 * - lease: the token of who is loading, and behind a line break, once they have said that they still do, how long after
 *   the grant that was. A token that ends in `|ms` is one whose holder says so at least that often; once they have been
 *   silent for longer, the lease is the next asker's.
 * - fence: a sorted set of the tokens of those who are writing, each scored with when its block ends.
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
local function holderOf(lease, leaseMs)
  local raw = redis.pcall('GET', lease)
  if type(raw) ~= 'string' then return nil end
  local token, sign = string.match(raw, '^([^\\n]*)\\n?(%d*)$')
  local patience = token and tonumber(string.match(token, '|(%d+)$'))
  if patience and leaseMs then
    local silent = leaseMs - redis.call('PTTL', lease) - (tonumber(sign) or 0)
    if silent > patience then return nil end
  end
  return token
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
      holder = holderOf(lease, tonumber(leaseMs))
      if not holder then
        holder = token
        redis.call('SET', lease, token, 'PX', leaseMs)
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

/** ARGV: token, leaseMs. Says that whoever holds the lease by this token is still loading. */
export const RENEW = defineScript(`${HOLDER}
local lease = KEYS[2]
if holderOf(lease) == ARGV[1] then
  local left = redis.call('PTTL', lease)
  if left > 0 then
    redis.call('SET', lease, ARGV[1] .. '\\n' .. string.format('%d', tonumber(ARGV[2]) - left), 'PX', left)
  end
end
return 1
`);

/** ARGV: token, ms. A writer's block never shortens another's. */
export const FENCE = defineScript(`${NOW}
local token, ms = ARGV[1], tonumber(ARGV[2])
local from = now()
for i = 1, #KEYS, 3 do
  local fence = KEYS[i + 2]
  redis.call('DEL', KEYS[i], KEYS[i + 1])
  redis.call('ZREMRANGEBYSCORE', fence, '-inf', string.format('%d', from))
  redis.call('ZADD', fence, string.format('%d', from + ms), token)
  if redis.call('PTTL', fence) < ms then redis.call('PEXPIRE', fence, ARGV[2]) end
end
return 1
`);

/** ARGV: the token whose block is lifted (empty: a plain invalidation). */
export const RELEASE = defineScript(`
for i = 1, #KEYS, 3 do
  redis.call('DEL', KEYS[i], KEYS[i + 1])
  if ARGV[1] ~= '' then redis.call('ZREM', KEYS[i + 2], ARGV[1]) end
end
return 1
`);
