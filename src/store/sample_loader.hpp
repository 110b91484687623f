// SPDX-License-Identifier: Apache-2.0
#pragma once

// Bulk load of users, ratings and votes through COPY, in chunks that the statement-level triggers can take as
// one set. History only: received_at is submitted_at. The caller owns the transaction, and orders the chunks
// in it.

#include <cstdint>
#include <span>
#include <string>

#include "domain/sample.hpp"
#include "pg/connection.hpp"

namespace diary {

class SampleLoader {
 public:
  static constexpr std::int64_t chunk_rows = 50'000;

  explicit SampleLoader(pg::Connection& connection) : connection_(connection) {}

  // Writes at once; their e-mails must be new.
  void add_users(std::span<const SampleUser> users);

  // Buffers. Once full() the chunk has to be written with flush() before more is added.
  void add(const Sample& sample);
  [[nodiscard]] bool full() const { return rating_rows_ >= chunk_rows || vote_rows_ >= chunk_rows; }

  // Writes what is buffered, at most one COPY for each table. Throws DbError when a row is refused.
  void flush();

 private:
  void append(const SampleRating& rating);
  void append(const SampleVote& vote);

  pg::Connection& connection_;
  std::string ratings_;
  std::string votes_;
  std::int64_t rating_rows_ = 0;
  std::int64_t vote_rows_ = 0;
};

}  // namespace diary
