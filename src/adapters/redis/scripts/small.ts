/** Taken off the outbox only while nobody appended since. KEYS 1 events 2 outbox. ARGV 1 id 2 version. */
export const SETTLE_LUA = `
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
return redis.call('ZREM', KEYS[2], ARGV[1])
`;

/** Only the holder renews. KEYS 1 lease. ARGV 1 token 2 milliseconds. */
export const RENEW_LUA = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
`;

/** Only the holder releases. KEYS 1 lease. ARGV 1 token. */
export const RELEASE_LUA = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
`;

/**
 * A leaky bucket: one every ARGV[1] ms, ARGV[2] at once. Answers the milliseconds to wait; 0 means taken. Whoever gives a
 * name (ARGV[3]) has a slot of his own reserved for when the wait is over, so that a thousand who wait come back once
 * each, in turn, instead of asking again and again.
 * KEYS 1 bucket: the time until which it is full   2 slots: name → when.
 */
export const TAKE_LUA = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local every, burst, name = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
if name ~= '' then
  local slot = tonumber(redis.call('HGET', KEYS[2], name) or '')
  if slot and slot > now then return math.ceil(slot - now) end
  if slot then redis.call('HDEL', KEYS[2], name) return 0 end
end
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local wait = full - now - every * (burst - 1)
if wait > 0 and name == '' then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.0f', full + every), 'PX', math.ceil(full + every - now) + 1000)
if wait <= 0 then return 0 end
redis.call('HSET', KEYS[2], name, string.format('%.0f', now + wait))
redis.call('PEXPIRE', KEYS[2], math.ceil(full + every - now) + 600000)
return math.ceil(wait)
`;

/**
 * Stores one output and evicts the oldest: those that lapsed, and those beyond the total. KEYS 1 output 2 index (zset by time) 3 sizes (hash) 4 total.
 * ARGV 1 member 2 text 3 size 4 keep for ms 5 total allowed 6 key prefix of outputs.
 */
export const PUT_OUTPUT_LUA = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local size = tonumber(ARGV[3])
local old = tonumber(redis.call('HGET', KEYS[3], ARGV[1]) or '0')
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
redis.call('ZADD', KEYS[2], string.format('%.0f', now), ARGV[1])
redis.call('HSET', KEYS[3], ARGV[1], size)
local total = redis.call('INCRBY', KEYS[4], size - old)
local evicted = 0
while evicted < 1000 do
  local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  local oldest = first[1]
  if not oldest or oldest == ARGV[1] then break end
  local lapsed = tonumber(first[2]) + tonumber(ARGV[4]) * 1000 < now
  if not lapsed and total <= tonumber(ARGV[5]) then break end
  redis.call('DEL', ARGV[6] .. oldest)
  redis.call('ZREM', KEYS[2], oldest)
  total = redis.call('DECRBY', KEYS[4], tonumber(redis.call('HGET', KEYS[3], oldest) or '0'))
  redis.call('HDEL', KEYS[3], oldest)
  evicted = evicted + 1
end
return evicted
`;
