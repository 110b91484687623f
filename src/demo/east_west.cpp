// SPDX-License-Identifier: Apache-2.0
#include "demo/facts.hpp"

namespace diary::demo {
namespace {

using enum Kind;

// From south to north. Interruptions are the city's own: Rittenhouse and Washington Squares, City Hall,
// Independence Mall, the Convention Center, the hospitals, I-95 (crossed only where a street bridges it) and
// the Schuylkill.
constexpr GridStreet streets[] = {
    {"Washington Ave", -1565, "Columbus..Grays Ferry Ave", main},
    {"Kimball St", -1500, "6th..7th, 8th..10th, 12th..13th, 15th..17th, 19th..22nd"},
    {"Carpenter St", -1435, "2nd..11th, 12th..25th", main},
    {"Montrose St", -1370, "6th..10th, 11th..13th, 15th..18th, 20th..21st, 22nd..23rd"},
    {"Christian St", -1305, "Columbus..26th", main},
    {"Webster St", -1250, "7th..8th, 9th..13th, 15th..16th, 17th..22nd, 24th..26th"},
    {"Queen St", -1250, "Front..6th", main},
    {"Catharine St", -1194, "Front..26th", main},
    {"Clymer St", -1166, "7th..8th, 9th..10th, 15th..16th, 18th..19th"},
    {"Fitzwater St", -1138, "Front..Grays Ferry Ave", main},
    {"Pemberton St", -1109, "5th..6th, 7th..9th, 10th..11th, 15th..16th, 21st..23rd"},
    {"Monroe St", -1109, "Front..5th"},
    {"Bainbridge St", -1080, "Front..Grays Ferry Ave, 24th..27th", main},
    {"Kater St", -1025, "3rd..5th, 6th..8th, 9th..13th, 15th..18th, 20th..22nd, 24th..26th"},
    {"South St", -970, "Penn's Landing Walk..27th", main},
    {"Rodman St", -934, "5th..6th, 8th..12th, 15th..16th, 20th..21st, 22nd..23rd"},
    {"Naudain St", -901, "2nd..3rd, 5th..6th, 10th..11th, 15th..17th, 20th..26th"},
    {"Lombard St", -866, "Front..27th", main},
    {"Addison St", -825, "5th..6th, 10th..11th, 12th..13th, 15th..20th, 22nd..23rd, 25th..26th"},
    {"Waverly St", -782, "7th..8th, 10th..13th, 15th..20th, 21st..23rd, 24th..26th"},
    {"Pine St", -735, "Front..8th, 9th..Taney", main},
    {"Panama St", -700, "10th..11th, 12th..13th, 15th..16th, 18th..20th, 21st..23rd, 24th..26th"},
    {"Delancey St", -663, "Front..8th, 10th..13th, 16th..26th"},
    {"Cypress St", -626,
     "3rd..4th, 6th..7th, 10th..13th, Juniper..Broad, 15th..16th, 17th..20th, 22nd..25th"},
    {"Spruce St", -593, "Penn's Landing Walk..25th, 33rd..40th", main},
    {"Manning St", -548, "4th..5th, 10th..11th, 12th..13th, 16th..17th, 20th..25th"},
    {"Irving St", -530, "8th..10th, 11th..12th, Juniper..Broad"},
    {"Rittenhouse Square St", -508, "17th..20th"},
    {"Latimer St", -500, "10th..11th, 12th..13th, Broad..17th"},
    {"S Washington Sq", -510, "6th..7th"},
    {"Locust St", -450, "2nd..5th, 7th..18th, 19th..Schuylkill River Trail", main},
    {"Locust Walk", -450, "34th..40th", walk},
    {"St James St", -412, "7th..8th, 12th..13th, 15th..16th, 20th..23rd"},
    {"Chancellor St", -383, "12th..13th, Broad..15th, 16th..18th, 20th..22nd, 23rd..24th"},
    {"Walnut St", -345, "Penn's Landing Walk..40th", main},
    {"Moravian St", -300, "11th..12th, 12th..13th, Broad..18th, 20th..21st"},
    {"Sansom St", -258, "7th..9th, 10th..23rd, 33rd..38th"},
    {"Ionic St", -215, "2nd..3rd, 12th..13th, 15th..16th, 20th..21st, 22nd..23rd"},
    {"Chestnut St", -165, "Penn's Landing Walk..40th", main},
    {"Ranstead St", -124, "3rd..4th, 8th..9th, 10th..11th, 15th..16th, 17th..18th, 20th..22nd"},
    {"Ludlow St", -88, "9th..10th, 11th..13th, 16th..17th, 20th..23rd, 31st..33rd, 36th..40th"},
    {"S Penn Sq", -78, "Juniper..15th", main},
    {"Market St", 0, "Columbus..Juniper, 15th..40th", main},
    {"Church St", 58, "2nd..4th"},
    {"N Penn Sq", 95, "Juniper..15th", main},
    {"Filbert St", 95, "2nd..3rd, 7th..Juniper, 36th..40th"},
    {"John F Kennedy Blvd", 95, "15th..30th", main},
    {"Cuthbert St", 145, "2nd..4th, 8th..9th, 12th..13th, 20th..21st"},
    {"Arch St", 203, "Front..23rd, 30th..33rd", main},
    {"Appletree St", 240, "8th..9th, 10th..11th, 15th..16th, 20th..23rd"},
    {"Elfreth's Alley", 262, "Front..2nd", walk},
    {"Cherry St", 285, "2nd..4th, 7th..11th, Broad..17th, 20th..23rd"},
    {"Quarry St", 320, "2nd..4th"},
    {"New St", 365, "2nd..4th"},
    {"Race St", 410, "Columbus..Schuylkill River Trail", main},
    {"Spring St", 450, "9th..12th, 15th..17th, 20th..22nd"},
    {"Winter St", 500, "9th..12th, 16th..18th, 21st..22nd"},
    {"Summer St", 540, "11th..12th, 13th..16th, 20th..22nd"},
    {"Vine St", 580, "Front..22nd", main},
    {"Vine St North", 625, "8th..18th", main},
    {"Wood St", 668, "3rd..5th, 8th..9th, 10th..16th, 17th..20th"},
    {"Carlton St", 715, "10th..13th, 15th..16th, 17th..19th, 21st..22nd"},
    {"Callowhill St", 770, "Columbus..22nd", main},
    {"Willow St", 822, "Front..4th, 8th..11th, 12th..13th"},
    {"Hamilton St", 868, "11th..13th, Broad..Pennsylvania Ave", main},
    {"Noble St", 868, "2nd..6th, 8th..11th"},
    {"Nectarine St", 1046, "8th..10th, 11th..12th, 15th..17th"},
    {"Buttonwood St", 975, "5th..6th, 8th..13th, Broad..19th"},
    {"Spring Garden St", 1112, "Columbus..Pennsylvania Ave", main},
    {"Monterey St", 1145, "15th..17th"},
    {"Brandywine St", 1180, "15th..19th, 20th..24th"},
    {"Green St", 1245, "2nd..Pennsylvania Ave", main},
    {"Mount Vernon St", 1310, "9th..13th, Broad..24th", main},
    {"Lemon St", 1343, "10th..13th"},
    {"Wallace St", 1378, "7th..25th", main},
    {"Melon St", 1420, "9th..13th, 15th..17th"},
    {"North St", 1462, "15th..20th, 22nd..23rd"},
    {"Olive St", 1504, "11th..12th, 16th..17th, 23rd..26th"},
    {"Fairmount Ave", 1550, "2nd..Kelly Dr", main},
};

}  // namespace

std::span<const GridStreet> east_west_streets() {
  return streets;
}

}  // namespace diary::demo
