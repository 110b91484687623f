// SPDX-License-Identifier: Apache-2.0
#include "import/osm_xml.hpp"

#include <expat.h>

#include <charconv>
#include <cmath>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace diary::import {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{64} * 1024;
constexpr std::size_t max_silent_bytes =
    std::size_t{16} * 1024 * 1024;           // without any event: one endless text
constexpr std::size_t max_refs = 1'000'000;  // of one object; OpenStreetMap allows 2,000 and 32,000

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (ec != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int32_t> degrees_e7(std::string_view text, double limit) {
  const auto degrees = parse<double>(text);
  if (!degrees || !(std::abs(*degrees) <= limit)) return std::nullopt;
  return static_cast<std::int32_t>(std::lround(*degrees * 1e7));
}

class Handler {
 public:
  Handler(XML_Parser parser, unsigned kinds, OsmSink& sink) : parser_(parser), kinds_(kinds), sink_(sink) {
    XML_SetUserData(parser, this);
    XML_SetElementHandler(
        parser,
        [](void* self, const char* element, const char** attributes) {
          static_cast<Handler*>(self)->begin(element, attributes);
        },
        [](void* self, const char* element) { static_cast<Handler*>(self)->end(element); });
    XML_SetStartDoctypeDeclHandler(parser, [](void* self, const char*, const char*, const char*, int) {
      static_cast<Handler*>(self)->stop("has a document type, which OpenStreetMap's XML never has");
    });
  }

  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] std::size_t events() const { return events_; }

 private:
  static std::string_view attribute(const char** attributes, std::string_view key) {
    for (; *attributes != nullptr; attributes += 2) {
      if (key == attributes[0]) return attributes[1];
    }
    return {};
  }

  void stop(std::string how) {
    if (failure_.empty()) failure_ = std::move(how);
    XML_StopParser(parser_, XML_FALSE);
  }

  void begin(std::string_view element, const char** attributes) {
    ++events_;
    ++depth_;
    if (depth_ == 1 && element != "osm")
      return stop("begins with <" + std::string(element.substr(0, 60)) + ">, not <osm>");
    if (depth_ == 2) return begin_object(element, attributes);
    if (depth_ != 3 || !open_) return;
    if (element == "tag") return add_tag(attribute(attributes, "k"), attribute(attributes, "v"));
    if (element == "nd") return add_ref(attribute(attributes, "ref"));
    if (element == "member" && attribute(attributes, "type") == "way") add_ref(attribute(attributes, "ref"));
  }

  void begin_object(std::string_view element, const char** attributes) {
    kind_ = element == "node"       ? osm_nodes
            : element == "way"      ? osm_ways
            : element == "relation" ? osm_relations
                                    : 0U;
    const bool deleted =
        attribute(attributes, "visible") == "false" || attribute(attributes, "action") == "delete";
    open_ = (kind_ & kinds_) != 0 && !deleted;
    if (!open_) return;
    texts_.clear();
    tags_.clear();
    refs_.clear();
    const auto id = parse<std::int64_t>(attribute(attributes, "id"));
    if (!id) return stop("has an object without a number as its id");
    id_ = *id;
    if (kind_ != osm_nodes) return;
    lng_e7_ = degrees_e7(attribute(attributes, "lon"), 180);
    lat_e7_ = degrees_e7(attribute(attributes, "lat"), 90);
  }

  void add_tag(std::string_view key, std::string_view value) {
    if (tags_.size() >= max_refs) return stop("has an object with too many tags");
    const std::string& k = texts_.emplace_back(key);
    const std::string& v = texts_.emplace_back(value);
    tags_.push_back({k, v});
  }

  void add_ref(std::string_view text) {
    const auto ref = parse<std::int64_t>(text);
    if (!ref) return stop("refers to something without a number");
    if (refs_.size() >= max_refs) return stop("has an object with more than a million references");
    refs_.push_back(*ref);
  }

  void end(std::string_view) {
    ++events_;
    if (depth_-- != 2 || !open_) return;
    open_ = false;
    if (kind_ == osm_nodes && lng_e7_ && lat_e7_) sink_.on_node({id_, *lng_e7_, *lat_e7_, tags_});
    if (kind_ == osm_ways) sink_.on_way({id_, tags_, refs_});
    if (kind_ == osm_relations) sink_.on_relation({id_, tags_, refs_});
  }

  XML_Parser parser_;
  unsigned kinds_;
  OsmSink& sink_;
  std::string failure_;
  std::size_t events_ = 0;
  int depth_ = 0;
  bool open_ = false;  // inside an object that was asked for
  unsigned kind_ = 0;
  std::int64_t id_ = 0;
  std::optional<std::int32_t> lng_e7_, lat_e7_;
  std::deque<std::string> texts_;  // what the tags' views point to; a deque never moves them
  std::vector<OsmTag> tags_;
  std::vector<std::int64_t> refs_;
};

struct FreeParser {
  void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
};

auto line_of(XML_Parser parser) {
#if XML_MAJOR_VERSION > 2 || XML_MINOR_VERSION >= 9
  return XML_GetCurrentLineNumber64(parser);  // the other is deprecated since
#else
  return XML_GetCurrentLineNumber(parser);
#endif
}

tl::unexpected<Error> broken(XML_Parser parser, const std::string& how) {
  return fail(Errc::malformed,
              "broken OpenStreetMap XML: line " + std::to_string(line_of(parser)) + ": " + how);
}

}  // namespace

Result<void> OsmXmlFile::visit(unsigned kinds, OsmSink& sink, const std::function<void(double)>& progress) {
  file_.seek(0);
  const std::unique_ptr<XML_ParserStruct, FreeParser> parser(XML_ParserCreate(nullptr));
  if (parser == nullptr) throw std::bad_alloc();
  const Handler handler(parser.get(), kinds, sink);
  std::string chunk(chunk_bytes, '\0');
  std::size_t silent_bytes = 0;
  for (std::size_t got = chunk_bytes; got == chunk_bytes;) {
    got = file_.read(chunk);
    const std::size_t events = handler.events();
    const auto status =
        XML_Parse(parser.get(), chunk.data(), static_cast<int>(got), got < chunk_bytes ? 1 : 0);
    if (!handler.failure().empty()) return broken(parser.get(), "the file " + handler.failure());
    if (status != XML_STATUS_OK) return broken(parser.get(), XML_ErrorString(XML_GetErrorCode(parser.get())));
    silent_bytes = handler.events() == events ? silent_bytes + got : 0;
    if (silent_bytes > max_silent_bytes) return broken(parser.get(), "a text of more than 16 MiB");
    if (progress) progress(static_cast<double>(file_.offset()) / static_cast<double>(file_.size()));
  }
  return {};
}

}  // namespace diary::import
