// SPDX-License-Identifier: Apache-2.0
#include "demo/facts.hpp"

namespace diary::demo {
namespace {

// u of the bank at `v`; the banks run on straight beyond their ends.
double bank_at(const Path& bank, double v) {
  std::size_t i = 1;
  while (i + 1 < bank.size() && bank[i].v < v) ++i;
  const GridPoint a = bank[i - 1];
  const GridPoint b = bank[i];
  return a.u + (b.u - a.u) * (v - a.v) / (b.v - a.v);
}

}  // namespace

const Path& schuylkill_east_bank() {
  static const Path bank{{-2185, -1620}, {-2085, -1460}, {-1985, -1300}, {-1830, -1100}, {-1710, -950},
                         {-1615, -735},  {-1559, -593},  {-1490, -345},  {-1419, 0},     {-1410, 203},
                         {-1418, 410},   {-1443, 585},   {-1498, 700},   {-1566, 800},   {-1722, 950},
                         {-1850, 1053},  {-1910, 1150},  {-1930, 1290},  {-1960, 1400},  {-2110, 1540},
                         {-2400, 1720}};
  return bank;
}

const Path& schuylkill_west_bank() {
  static const Path bank{{-2300, -1620}, {-2200, -1460}, {-2095, -1300}, {-1945, -1100}, {-1820, -950},
                         {-1725, -735},  {-1668, -593},  {-1598, -345},  {-1525, 0},     {-1516, 203},
                         {-1525, 410},   {-1550, 585},   {-1612, 700},   {-1690, 800},   {-1850, 950},
                         {-1985, 1053},  {-2050, 1150},  {-2080, 1290},  {-2130, 1400},  {-2290, 1540},
                         {-2560, 1720}};
  return bank;
}

const Path& delaware_west_bank() {
  static const Path bank{{2210, -1620}, {2190, -1300}, {2140, -1000}, {2095, -700},
                         {2078, -370},  {2070, 0},     {2078, 350},   {2110, 650},
                         {2195, 950},   {2270, 1112},  {2380, 1300},  {2500, 1720}};
  return bank;
}

bool in_water(GridPoint point) {
  if (point.u > bank_at(delaware_west_bank(), point.v)) return true;
  return point.u < bank_at(schuylkill_east_bank(), point.v) &&
         point.u > bank_at(schuylkill_west_bank(), point.v);
}

}  // namespace diary::demo
