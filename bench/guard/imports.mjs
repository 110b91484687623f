// SPDX-License-Identifier: Apache-2.0
// C. A city's streets imported beside osm2pgsql.

import { byDiary, byOsm2pgsql } from '../cases/imports.mjs';
import { inTurns } from './turns.mjs';

const turns = 2;

export async function imports(cluster, file) {
  const seconds = (importer) => async () => (await importer(cluster, file)).seconds;
  return { 'C.import': await inTurns(turns, seconds(byDiary), seconds(byOsm2pgsql('--create'))) };
}
