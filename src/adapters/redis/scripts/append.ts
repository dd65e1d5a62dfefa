import { SHA256_LUA } from './sha256.ts';

/**
 * The one way a request changes: compare-and-append. The script knows versions, one clock guard, the hash chain and
 * which lists an id stands in; it knows no rule.
 *
 *   entry of a request  HASH AT EVENT            HASH = sha256(previous HASH, sha256(EVENT), id \n version \n AT)
 *   entry of the stream position, with rolling   ROLL = sha256(previous ROLL, HASH, position)
 *
 * KEYS  1 events of the request (list)   2 ledger (stream)   3 ledger head (hash: position, roll)
 *       4 outbox (zset)   5 open requests (zset)   6 open requests of the requester (set)
 * ARGV  1 id   2 expected version   3 valid until (ms, or empty)   4 keep for (ms)   5 '1' when it is over   then pairs: event, sha256(event)
 * Answers {1, now} · {0, 'conflict'} · {0, 'too_late'}.
 */
export const APPEND_LUA = `${SHA256_LUA}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id, expected, validUntil, keep, over = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5] == '1'
local version = redis.call('LLEN', KEYS[1])
if version ~= expected then return {0, 'conflict'} end
if validUntil ~= '' and now > tonumber(validUntil) then return {0, 'too_late'} end
local previous = words(version > 0 and redis.call('LINDEX', KEYS[1], -1) or NOTHING)
local head = redis.call('HMGET', KEYS[3], 'position', 'roll')
local position, roll = tonumber(head[1] or '0'), words(head[2] or NOTHING)
local at = string.format('%.0f', now)
for i = 6, #ARGV, 2 do
  version, position = version + 1, position + 1
  previous = digest(previous, words(ARGV[i + 1]), id .. '\\n' .. version .. '\\n' .. at)
  roll = digest(roll, previous, string.format('%.0f', position))
  local hash = hex(previous)
  redis.call('RPUSH', KEYS[1], hash .. ' ' .. at .. ' ' .. ARGV[i])
  redis.call('XADD', KEYS[2], position .. '-0', 'request', id, 'sequence', version, 'at', at, 'event', ARGV[i], 'hash', hash, 'roll', hex(roll))
end
redis.call('HSET', KEYS[3], 'position', position, 'roll', hex(roll))
redis.call('PEXPIRE', KEYS[1], keep)
redis.call('ZADD', KEYS[4], now, id)
if over then
  redis.call('ZREM', KEYS[5], id)
  redis.call('SREM', KEYS[6], id)
else
  redis.call('ZADD', KEYS[5], 'NX', now, id)
  redis.call('SADD', KEYS[6], id)
  redis.call('PEXPIRE', KEYS[6], keep)
end
return {1, at}
`;

/** `addOne(ledger, head, fields, hash)`: one entry at the stream's end, with its roll; `hash` as words. Answers its position. */
export const ADD_ONE_LUA = `
local function addOne(ledger, head, fields, hash)
  local position = redis.call('HINCRBY', head, 'position', 1)
  local roll = hex(digest(words(redis.call('HGET', head, 'roll') or NOTHING), hash, string.format('%.0f', position)))
  redis.call('HSET', head, 'roll', roll)
  fields[#fields + 1], fields[#fields + 2] = 'roll', roll
  redis.call('XADD', ledger, position .. '-0', unpack(fields))
  return position
end
`;

/**
 * An attempt that belongs to no request: the same stream and roll, with a chain of its own whose entries live in the
 * stream only. KEYS 1 chain head (hash: version, hash)  2 ledger  3 ledger head.  ARGV 1 chain's name  2 event  3 sha256(event).
 */
export const RECORD_LUA = `${SHA256_LUA}${ADD_ONE_LUA}
local time = redis.call('TIME')
local at = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local version = redis.call('HINCRBY', KEYS[1], 'version', 1)
local entry = digest(words(redis.call('HGET', KEYS[1], 'hash') or NOTHING), words(ARGV[3]), ARGV[1] .. '\\n' .. version .. '\\n' .. at)
local hash = hex(entry)
redis.call('HSET', KEYS[1], 'hash', hash)
return addOne(KEYS[2], KEYS[3], {'request', ARGV[1], 'sequence', version, 'at', at, 'event', ARGV[2], 'hash', hash}, entry)
`;

/** Entries from ARGV[1] on, and the time of the very moment. KEYS 1 events. Answers {seconds, microseconds, entry…}. */
export const READ_LUA = `
local time = redis.call('TIME')
local entries = redis.call('LRANGE', KEYS[1], ARGV[1], -1)
table.insert(entries, 1, time[2])
table.insert(entries, 1, time[1])
return entries
`;
