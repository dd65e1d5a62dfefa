/**
 * SHA-256 (FIPS 180-4) in Lua for Redis' own interpreter, which offers only SHA-1: the chain of a request must be
 * computed where the append happens. Of two digests and a short text, which is two blocks of about 40 µs each. Held against node:crypto by a test.
 *
 *   words(hex)                 a digest as eight words      hex(words)   and back
 *   digest(left, right, text)  sha256 of the 32 bytes of `left`, those of `right`, and `text`; as words
 *
 * Sums are left as they are until a block ends: the bit operations read a number modulo 2^32 while it is below 2^51, and
 * over 64 rounds none grows beyond 2^47.
 */
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
const IN_A_TURN = NAMES.length;

/** Round `i + at`. Instead of moving eight variables on, each round names them one further; `x` and `y` hold b xor c and a xor b in turn. */
const round = (at: number): string => {
  const [a, b, , d, e, f, g, h] = NAMES.map((_, index) => NAMES[(index - at + IN_A_TURN) % IN_A_TURN] ?? '');
  const [ab, bc] = at % 2 === 0 ? ['x', 'y'] : ['y', 'x'];
  return `
      t = ${h} + bxor(ror(${e}, 6), ror(${e}, 11), ror(${e}, 25)) + bxor(${g}, band(${e}, bxor(${f}, ${g}))) + K[i + ${at}] + w[i + ${at}]
      ${ab} = bxor(${a}, ${b})
      ${d}, ${h} = ${d} + t, t + bxor(ror(${a}, 2), ror(${a}, 13), ror(${a}, 22)) + bxor(${b}, band(${ab}, ${bc}))`;
};

const ROUNDS = NAMES.map((_, at) => round(at)).join('');

export const SHA256_LUA = `
local band, bxor, ror, rshift, tobit = bit.band, bit.bxor, bit.ror, bit.rshift, bit.tobit
local K = {
  0x428a2f98,0x71374491,0xb5c0fbcf,0xe9b5dba5,0x3956c25b,0x59f111f1,0x923f82a4,0xab1c5ed5,
  0xd807aa98,0x12835b01,0x243185be,0x550c7dc3,0x72be5d74,0x80deb1fe,0x9bdc06a7,0xc19bf174,
  0xe49b69c1,0xefbe4786,0x0fc19dc6,0x240ca1cc,0x2de92c6f,0x4a7484aa,0x5cb0a9dc,0x76f988da,
  0x983e5152,0xa831c66d,0xb00327c8,0xbf597fc7,0xc6e00bf3,0xd5a79147,0x06ca6351,0x14292967,
  0x27b70a85,0x2e1b2138,0x4d2c6dfc,0x53380d13,0x650a7354,0x766a0abb,0x81c2c92e,0x92722c85,
  0xa2bfe8a1,0xa81a664b,0xc24b8b70,0xc76c51a3,0xd192e819,0xd6990624,0xf40e3585,0x106aa070,
  0x19a4c116,0x1e376c08,0x2748774c,0x34b0bcb5,0x391c0cb3,0x4ed8aa4a,0x5b9cca4f,0x682e6ff3,
  0x748f82ee,0x78a5636f,0x84c87814,0x8cc70208,0x90befffa,0xa4506ceb,0xbef9a3f7,0xc67178f2 }
local function compress(H, w)
  for i = 17, 64 do
    local p, q = w[i - 15], w[i - 2]
    w[i] = w[i - 16] + bxor(ror(p, 7), ror(p, 18), rshift(p, 3)) + w[i - 7] + bxor(ror(q, 17), ror(q, 19), rshift(q, 10))
  end
  local a, b, c, d, e, f, g, h = H[1], H[2], H[3], H[4], H[5], H[6], H[7], H[8]
  local t, x, y = 0, 0, bxor(b, c)
  for i = 1, 57, ${IN_A_TURN} do${ROUNDS}
  end
  return {tobit(H[1]+a), tobit(H[2]+b), tobit(H[3]+c), tobit(H[4]+d), tobit(H[5]+e), tobit(H[6]+f), tobit(H[7]+g), tobit(H[8]+h)}
end
local function words(text)
  local w = {}
  for i = 1, 8 do w[i] = tonumber(string.sub(text, 8 * i - 7, 8 * i), 16) end
  return w
end
local function hex(w)
  local parts = {}
  for i = 1, 8 do parts[i] = bit.tohex(w[i]) end
  return table.concat(parts)
end
local function digest(left, right, text)
  local H = compress({0x6a09e667,0xbb67ae85,0x3c6ef372,0xa54ff53a,0x510e527f,0x9b05688c,0x1f83d9ab,0x5be0cd19},
    {left[1], left[2], left[3], left[4], left[5], left[6], left[7], left[8], right[1], right[2], right[3], right[4], right[5], right[6], right[7], right[8]})
  local padded = text .. '\\128' .. string.rep('\\0', (55 - #text) % 64 + 4) -- its last word, the number of bits, is written as a number
  for block = 1, #padded, 64 do
    local w = {}
    for i = 1, 16 do
      local b1, b2, b3, b4 = string.byte(padded, block + 4 * i - 4, block + 4 * i - 1)
      w[i] = b1 and b1 * 16777216 + b2 * 65536 + b3 * 256 + b4 or 8 * (64 + #text)
    end
    H = compress(H, w)
  end
  return H
end
local NOTHING = string.rep('0', 64)
`;
