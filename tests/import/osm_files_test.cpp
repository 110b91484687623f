// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "import/osm_fixture.hpp"
#include "import/read_all.hpp"

namespace diary::import::test {
namespace {

using testing::HasSubstr;

Map street() {
  return {{{1, 0, 0}, {2, 0.001, 0}}, {{5, {1, 2}}}, {}};
}

TEST(Pbf, NamesTheBlobWhereAFileIsCutOff) {
  const std::string file = PbfMaker().file(street());
  ASSERT_EQ(read_pbf(file).message(), "");
  for (std::size_t size = 1; size < file.size(); ++size) {
    const auto got = read_pbf(file.substr(0, size));
    ASSERT_FALSE(got.report)
        << size;  // between two blobs nothing is broken, but a street without nodes is none
    EXPECT_THAT(got.message(), testing::AnyOf(HasSubstr("the blob at byte"), HasSubstr("no way"))) << size;
  }
  EXPECT_THAT(read_pbf(file.substr(0, file.size() - 1)).message(), HasSubstr("is cut off"));
}

TEST(Pbf, SurvivesEveryFlippedByte) {
  const std::string file = PbfMaker().file(street());
  PbfMaker raw;
  raw.zlib = false;
  for (const std::string& good : {file, raw.file(street())}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const int flip : {1, 0x80, 0xFF}) {
        std::string bad = good;
        bad[i] = static_cast<char>(bad[i] ^ flip);
        (void)read_pbf(bad);  // an error or a street elsewhere; the sanitizers watch
      }
    }
  }
}

TEST(Pbf, KeepsTheFormatsLimits) {
  const std::string header = PbfMaker().blob("OSMHeader", "");
  EXPECT_THAT(read_pbf("PK\x03\x04 something else").message(), HasSubstr("65536 are allowed"));
  std::string blob_header;
  protozero::pbf_writer writer(blob_header);
  writer.add_string(1, "OSMData");
  writer.add_int32(3, 32 * 1024 * 1024 + 1);
  const std::string prefix{0, 0, 0, static_cast<char>(blob_header.size())};
  EXPECT_THAT(read_pbf(header + prefix + blob_header).message(), HasSubstr("32 MiB are allowed"));
  std::string bomb;
  protozero::pbf_writer blob(bomb);
  blob.add_int32(2, 32 * 1024 * 1024 + 1);
  blob.add_bytes(3, "x");
  EXPECT_THAT(read_pbf(header + PbfMaker::framed("OSMData", bomb)).message(),
              HasSubstr("unpacks to 33554433"));
}

TEST(Pbf, RefusesOtherPackingsByName) {
  for (const auto& [field, name] :
       std::vector<std::pair<unsigned, std::string>>{{4, "lzma"}, {6, "lz4"}, {7, "zstd"}}) {
    std::string body;
    protozero::pbf_writer(body).add_bytes(field, "xyz");
    EXPECT_THAT(read_pbf(PbfMaker::framed("OSMHeader", body)).message(), HasSubstr("packed with " + name));
  }
}

TEST(Pbf, RefusesFilesThatMeanSomethingElse) {
  PbfMaker maker;
  maker.features.push_back("HistoricalInformation");
  EXPECT_THAT(read_pbf(maker.file(street())).message(), HasSubstr("HistoricalInformation"));
  EXPECT_THAT(read_pbf(maker.blob("OSMData", "")).message(), HasSubstr("no OSMHeader"));
}

TEST(Xml, SaysWhereAFileIsBroken) {
  const std::string file = xml_of(street());
  ASSERT_EQ(read_xml(file).message(), "");
  EXPECT_THAT(read_xml(file.substr(0, file.size() - 8)).message(), HasSubstr("line 5: no element found"));
  EXPECT_THAT(read_xml("<html></html>").message(), HasSubstr("<html>, not <osm>"));
  EXPECT_THAT(read_xml("<!DOCTYPE osm [<!ENTITY a 'b'>]><osm>&a;</osm>").message(),
              HasSubstr("document type"));
  EXPECT_THAT(read_xml("<osm><way id='x'/></osm>").message(), HasSubstr("line 1"));
  EXPECT_THAT(read_xml("<osm><way id='1'><nd ref='1e3'/></way></osm>").message(),
              HasSubstr("without a number"));
}

TEST(Xml, PassesOverWhatWasDeletedOrLiesOffTheEarth) {
  const auto got = read_xml(
      "<osm><node id='1' lat='0' lon='0'/><node id='2' lat='0' lon='0.001'/><node id='3' lat='91' lon='0'/>"
      "<node id='4' lat='nan' lon='0'/><way id='1' action='delete'><nd ref='1'/><nd ref='2'/><tag "
      "k='highway' v='path'/></way>"
      "<way id='2'><nd ref='1'/><nd ref='2'/><nd ref='3'/><nd ref='4'/><tag k='highway' "
      "v='path'/></way></osm>");
  EXPECT_EQ(got.message(), "");
  EXPECT_THAT(got.ids(), testing::ElementsAre("w2_1_2"));
}

}  // namespace
}  // namespace diary::import::test
