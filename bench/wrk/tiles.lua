-- GET random tiles of a city at zooms 12 to 16. Arguments: west, south and reach of the city, seed.
local west, south, reach
local threads = 0

function setup(thread)
  thread:set('id', threads)
  threads = threads + 1
end

function init(args)
  west, south, reach = tonumber(args[1]), tonumber(args[2]), tonumber(args[3])
  math.randomseed(tonumber(args[4]) * 100 + id)
end

function request()
  local z = math.random(12, 16)
  local lng = west + math.random() * reach
  local lat = math.rad(south + math.random() * reach)
  local x = math.floor((lng + 180) / 360 * 2 ^ z)
  local y = math.floor((1 - math.log(math.tan(lat) + 1 / math.cos(lat)) / math.pi) / 2 * 2 ^ z)
  return wrk.format('GET', string.format('/tiles/segments/%d/%d/%d.mvt', z, x, y), { ['Accept-Encoding'] = 'gzip' })
end

done = require('report')
