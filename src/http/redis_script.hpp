// SPDX-License-Identifier: Apache-2.0
#pragma once

// The hit that servers count together: SlidingWindow and LocalCounts::hit() once more, in Lua inside of
// Redis, atomic and by Redis's own clock. A key holds bundles as a flat list: first, last, count, first, ...

namespace diary::http {

// KEYS: the name, and yesterday's while that may still count. ARGV: limit, window in ms, 1 to count or 0 to
// look. Answers {allowed, count, wait in ms}.
inline constexpr const char* redis_script = R"lua(
local limit, window, counts = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local bundles, total = {}, 0
local function load(key)
  local text = redis.call('GET', key)
  local flat = text and cmsgpack.unpack(text) or {}
  for i = 1, #flat, 3 do
    local last = math.min(flat[i + 1], now)
    if last + window > now then
      bundles[#bundles + 1] = {flat[i], last, flat[i + 2]}
      total = total + flat[i + 2]
    end
  end
end
load(KEYS[1])
if KEYS[2] then
  load(KEYS[2])
  table.sort(bundles, function(a, b) return a[2] < b[2] end)
end

local allowed = total < limit
if allowed and counts then
  local newest = bundles[#bundles]
  if not newest or now - newest[1] >= window / 16 then
    newest = {now, now, 0}
    bundles[#bundles + 1] = newest
  end
  newest[2] = now
  newest[3] = newest[3] + 1
  total = total + 1
  local flat = {}
  for i, bundle in ipairs(bundles) do
    flat[3 * i - 2], flat[3 * i - 1], flat[3 * i] = bundle[1], bundle[2], bundle[3]
  end
  redis.call('SET', KEYS[1], cmsgpack.pack(flat), 'PX', window)
  if KEYS[2] then redis.call('DEL', KEYS[2]) end
end
local wait = bundles[1] and bundles[1][2] + window - now or window
return {allowed and 1 or 0, total, wait}
)lua";

}  // namespace diary::http
