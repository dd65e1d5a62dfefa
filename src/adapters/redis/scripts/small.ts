/** Each is taken off the outbox only while nobody appended to it since. KEYS 1 outbox, then events of each. ARGV per request: id, version. */
export const SETTLE_LUA = `
for i = 2, #KEYS do
  if redis.call('LLEN', KEYS[i]) == tonumber(ARGV[2 * i - 2]) then redis.call('ZREM', KEYS[1], ARGV[2 * i - 3]) end
end
return #KEYS - 1
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
 * Leaky buckets: of each one every so many milliseconds, so many at once; all uses are taken or none. Answers {milliseconds
 * to wait, which use}; {0, 0} means taken. Whoever gives a name has a slot of his own reserved for when the wait is over,
 * so that a thousand who wait come back once each, in turn, instead of asking again and again.
 * KEYS per use: bucket (the time until which it is full), slots (name → when).  ARGV per use: every (ms), burst, name.
 */
export const TAKE_LUA = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local uses = {}
for i = 1, #KEYS / 2 do
  local use = {bucket = KEYS[2 * i - 1], slots = KEYS[2 * i], every = tonumber(ARGV[3 * i - 2]), burst = tonumber(ARGV[3 * i - 1]), name = ARGV[3 * i]}
  use.slot = use.name ~= '' and tonumber(redis.call('HGET', use.slots, use.name) or '') or nil
  use.full = math.max(tonumber(redis.call('GET', use.bucket) or '0'), now)
  use.wait = use.slot and math.ceil(math.max(use.slot - now, 0)) or math.ceil(math.max(use.full - now - use.every * (use.burst - 1), 0))
  uses[i] = use
end
local function put(use)
  redis.call('SET', use.bucket, string.format('%.0f', use.full + use.every), 'PX', math.ceil(use.full + use.every - now) + 1000)
end
for i, use in ipairs(uses) do
  if use.wait > 0 and (use.name == '' or use.slot) then return {use.wait, i} end
end
for i, use in ipairs(uses) do
  if use.wait > 0 then
    put(use)
    redis.call('HSET', use.slots, use.name, string.format('%.0f', now + use.wait))
    redis.call('PEXPIRE', use.slots, math.ceil(use.full + use.every - now) + 600000)
    return {use.wait, i}
  end
end
for i, use in ipairs(uses) do
  if use.slot then redis.call('HDEL', use.slots, use.name) else put(use) end
end
return {0, 0}
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

/** A request in lists that are cut to their newest. KEYS 1 of the person 2 of the channel. ARGV 1 id 2 at (ms) 3 keep for (ms) 4 and 5 how many of each. */
export const NOTE_LUA = `
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, ARGV[2], ARGV[1])
  redis.call('ZREMRANGEBYRANK', key, 0, -ARGV[3 + i] - 1)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', ARGV[2] - ARGV[3])
  redis.call('PEXPIRE', key, ARGV[3])
end
return #KEYS
`;
