import { ADD_ONE_LUA } from './append.ts';
import { SHA256_LUA } from './sha256.ts';

/**
 * Compare-and-append for a request of its own kind: the same hashes and the same global stream as the append script, a
 * list of its own. It knows versions, one clock guard, and for a kind that there may be one of, that there is none yet.
 *
 * KEYS  1 events (list)   2 ledger (stream)   3 ledger head (hash)   4 open ones of the kind (zset)   5 to be looked at (zset, by time)
 * ARGV  1 chain's name   2 expected version   3 valid until (ms, or empty)   4 keep for (ms)   5 '1' when it is over
 *       6 '1' when there may be one only   7 id   8 event   9 sha256(event)
 * Answers {1, now} · {0, 'conflict'} · {0, 'too_late'}.
 */
export const APPEND_AUTHORITY_LUA = `${SHA256_LUA}${ADD_ONE_LUA}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local version = redis.call('LLEN', KEYS[1])
if version ~= tonumber(ARGV[2]) then return {0, 'conflict'} end
if version == 0 and ARGV[6] == '1' and redis.call('ZCARD', KEYS[4]) > 0 then return {0, 'conflict'} end
if ARGV[3] ~= '' and now > tonumber(ARGV[3]) then return {0, 'too_late'} end
local at = string.format('%.0f', now)
local entry = digest(words(version > 0 and redis.call('LINDEX', KEYS[1], -1) or NOTHING), words(ARGV[9]), ARGV[1] .. '\\n' .. version + 1 .. '\\n' .. at)
local hash = hex(entry)
redis.call('RPUSH', KEYS[1], hash .. ' ' .. at .. ' ' .. ARGV[8])
addOne(KEYS[2], KEYS[3], {'request', ARGV[1], 'sequence', version + 1, 'at', at, 'event', ARGV[8], 'hash', hash}, entry)
redis.call('ZADD', KEYS[5], now, ARGV[1])
if ARGV[5] == '1' then
  redis.call('ZREM', KEYS[4], ARGV[7])
  redis.call('PEXPIRE', KEYS[1], ARGV[4])
else
  redis.call('ZADD', KEYS[4], 'NX', now, ARGV[7])
end
return {1, at}
`;

/** Not before ARGV[3] (empty: until it changes), unless it changed. KEYS 1 events 2 to be looked at. ARGV 1 member 2 version 3 time. */
export const SETTLE_AUTHORITY_LUA = `
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[2]) then return 0 end
if ARGV[3] == '' then return redis.call('ZREM', KEYS[2], ARGV[1]) end
return redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
`;
