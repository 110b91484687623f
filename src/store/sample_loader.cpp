// SPDX-License-Identifier: Apache-2.0
#include "store/sample_loader.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace diary {
namespace {

// COPY's text format: these four would end a field or a row, or begin an escape.
void append_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c == '\t')
      out += "\\t";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\\')
      out += "\\\\";
    else
      out += c;
  }
}

// An array literal, every element quoted; its own escapes are escaped once more for COPY.
std::string array_literal(const std::vector<std::string_view>& elements) {
  std::string out = "{";
  for (const std::string_view element : elements) {
    if (out.size() > 1) out += ',';
    out += '"';
    for (const char c : element) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  return out + '}';
}

void append_number(std::string& out, double value) {
  std::array<char, 32> buffer{};
  const auto [end, ec] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  if (ec != std::errc{}) throw std::logic_error("a number does not fit");
  out.append(buffer.data(), end);
}

void copy(pg::Connection& connection, const char* statement, std::string& rows) {
  if (rows.empty()) return;
  connection.copy_begin(statement);
  connection.copy_send(rows);
  connection.copy_end();
  rows.clear();
}

void append(std::string& out, const SampleUser& user) {
  out += user.user_id.text() + '\t';
  append_text(out, user.email);
  out += '\t';
  append_text(out, user.password_hash);
  out += '\t';
  append_text(out, user.display_name);
  out += "\tt\t" + to_rfc3339(user.created_at) + '\n';
}

}  // namespace

void SampleLoader::add_users(std::span<const SampleUser> users) {
  std::string rows;
  std::int64_t count = 0;
  const auto write = [&] {
    copy(connection_,
         "COPY auth.users (user_id, email, password_hash, display_name, email_verified, created_at) FROM "
         "STDIN",
         rows);
    count = 0;
  };
  for (const SampleUser& user : users) {
    diary::append(rows, user);
    if (++count == chunk_rows) write();
  }
  write();
}

void SampleLoader::add(const Sample& sample) {
  if (full()) throw std::logic_error("the chunk is full");
  std::visit([this](const auto& one) { append(one); }, sample);
}

void SampleLoader::append(const SampleRating& rating) {
  std::string& out = ratings_;
  out += rating.rating_id.text() + '\t';
  append_text(out, rating.segment_id);
  out += '\t' + rating.user_id.text() + '\t' + std::to_string(rating.rating) + '\t';
  append_text(out, array_literal(rating.tags));
  out += '\t';
  if (rating.comment.empty()) out += "\\N";
  append_text(out, rating.comment);
  const std::string time = to_rfc3339(rating.submitted_at);
  out += '\t' + time + '\t' + time + '\t';
  append_text(out, rating.device);
  out += '\t';
  append_text(out, rating.source);
  out += '\t';
  append_text(out, rating.status);
  out += '\n';
  ++rating_rows_;
}

void SampleLoader::append(const SampleVote& vote) {
  std::string& out = votes_;
  out += vote.vote_id.text() + '\t';
  append_text(out, vote.segment_id);
  out += '\t' + vote.user_id.text() + '\t';
  append_text(out, vote.action);
  out += '\t';
  append_number(out, vote.implicit_rating);
  const std::string time = to_rfc3339(vote.submitted_at);
  out += '\t' + time + '\t' + time + '\n';
  ++vote_rows_;
}

void SampleLoader::flush() {
  copy(connection_,
       "COPY diary.ratings (rating_id, segment_id, user_id, rating, tags, comment, submitted_at, "
       "received_at, device, "
       "source, status) FROM STDIN",
       ratings_);
  copy(connection_,
       "COPY diary.votes (vote_id, segment_id, user_id, action, implicit_rating, submitted_at, received_at) "
       "FROM STDIN",
       votes_);
  rating_rows_ = 0;
  vote_rows_ = 0;
}

}  // namespace diary
