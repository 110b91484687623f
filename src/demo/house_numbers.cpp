// SPDX-License-Identifier: Apache-2.0
#include "demo/facts.hpp"

namespace diary::demo {
namespace {

// A numbered street begins the hundred of its number; Front is 1st and Broad is 14th.
constexpr HouseNumber westward[] = {
    {2060, 1},     {1850, 100},   {1742, 200},   {1603, 300},   {1465, 400},   {1302, 500},   {1128, 600},
    {975, 700},    {860, 800},    {727, 900},    {590, 1000},   {452, 1100},   {314, 1200},   {168, 1300},
    {-6, 1400},    {-150, 1500},  {-290, 1600},  {-432, 1700},  {-578, 1800},  {-712, 1900},  {-845, 2000},
    {-975, 2100},  {-1100, 2200}, {-1220, 2300}, {-1325, 2400}, {-1430, 2500}, {-1540, 2600}, {-1650, 2700},
    {-1705, 3000}, {-1880, 3100}, {-2055, 3200}, {-2230, 3300}, {-2405, 3400}, {-2710, 3600}, {-2865, 3700},
    {-3020, 3800}, {-3175, 3900}, {-3329, 4000}};

constexpr HouseNumber north[] = {{0, 0},     {203, 100},  {410, 200},  {580, 300},
                                 {770, 400}, {1112, 550}, {1245, 600}, {1550, 700}};

constexpr HouseNumber south[] = {{0, 0},       {-165, 100},  {-345, 200},   {-593, 300},
                                 {-735, 400},  {-866, 500},  {-970, 600},   {-1080, 700},
                                 {-1194, 800}, {-1305, 900}, {-1435, 1000}, {-1565, 1100}};

}  // namespace

std::span<const HouseNumber> numbers_westward() {
  return westward;
}
std::span<const HouseNumber> numbers_north_market() {
  return north;
}
std::span<const HouseNumber> numbers_south_market() {
  return south;
}

}  // namespace diary::demo
