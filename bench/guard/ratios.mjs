// SPDX-License-Identifier: Apache-2.0
// The ratios that the guard knows. `better` says which direction is; `map`: needs the real city's file.

export const mapName = 'porto_r5.osm.pbf';   // what is kept was measured on it: no other map will do

const lower = (what) => ({ what, better: 'lower' });
const higher = (what) => ({ what, better: 'higher' });
const onMap = (ratio) => ({ ...ratio, map: true });

export const ratios = {
  'A.live_1': lower('time of a rating with live scores and audit to a bare INSERT, 1 client'),
  'A.live_8': lower('the same, 8 clients'),
  'A.work_1': lower('the same without a wait for the disk, 1 client'),
  'A.work_8': lower('the same without a wait for the disk, 8 clients'),
  'B.lattice_32': higher("POST ratings a second to pgbench's bare INSERT, 32 connections"),
  'B.lattice_128': higher('the same, 128 connections'),
  'B.porto_32': onMap(higher('the same on a real city, 32 connections')),
  'B.porto_128': onMap(higher('the same on a real city, 128 connections')),
  'C.import': onMap(lower('time of diary import to osm2pgsql --create')),
  'D.reads': higher("segments of a box read a second to the HTTP library's constant"),
  'G.route_5km': onMap(higher('time of plain Dijkstra to the route, 5 km')),
  'G.route_10km': onMap(higher('the same, 10 km')),
  'G.curve_5km': onMap(higher('time of plain Dijkstra to the whole curve, 5 km')),
  'G.curve_10km': onMap(higher('the same, 10 km')),
  'G.change': onMap(higher('time of plain Dijkstra, 5 km, to one changed score')),
  'G.change_batched': onMap(higher('the same, of batches of 100 at 2,000 a second')),
  'G.under_changes': onMap(lower('time of a route under changes to a quiet one')),
  'G.http': onMap(higher("routes over HTTP a second to the HTTP library's constant, 1 connection")),
  'H.tile_12': higher('time of ST_AsMVT to a tile encoded, zoom 12'),
  'H.tile_14': higher('the same, zoom 14'),
  'H.tile_16': higher('the same, zoom 16'),
  'H.http': higher("tiles a second to the HTTP library's constant"),
};

export const caseOf = (name) => name.slice(0, name.indexOf('.'));
export const cases = [...new Set(Object.keys(ratios).map(caseOf))];
