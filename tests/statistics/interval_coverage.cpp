// SPDX-License-Identifier: Apache-2.0
// interval_coverage FOLDER: writes interval-coverage.csv and .svg, the figures of docs/statistics.md, into
// FOLDER, and the table of that page to standard output.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "statistics/simulation.hpp"

namespace {

using diary::test::Coverage;

constexpr int streets = 20'000;
constexpr std::uint64_t seed = 20'260'101;

std::string csv(const std::vector<Coverage>& all) {
  std::string text = "scenario,streets,published,constant_truth,votes_as_evidence,mean_width,bias,rmse\n";
  for (const auto& c : all)
    text += fmt::format("\"{}\",{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f}\n", c.scenario, c.streets,
                        c.published, c.constant_truth, c.votes_as_evidence, c.mean_width, c.bias, c.rmse);
  return text;
}

std::string table(const std::vector<Coverage>& all) {
  std::string text =
      "| streets | published | constant truth | votes as evidence | mean width | bias | rmse |\n"
      "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const auto& c : all)
    text += fmt::format("| {} | {:.1f} % | {:.1f} % | {:.1f} % | {:.2f} | {:+.2f} | {:.2f} |\n", c.scenario,
                        100 * c.published, 100 * c.constant_truth, 100 * c.votes_as_evidence, c.mean_width,
                        c.bias, c.rmse);
  return text;
}

constexpr int left = 250;
constexpr int right = 730;
constexpr int row_height = 22;
constexpr int top = 50;

double across(double share) {
  return left + share * (right - left);
}

std::string dot(double share, int y, const char* colour, double radius) {
  return fmt::format("<circle cx=\"{:.1f}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>\n", across(share), y, radius,
                     colour);
}

std::string axis(int bottom) {
  std::string text;
  for (int percent = 0; percent <= 100; percent += 20)
    text += fmt::format(
        "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"#d1d5db\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4} %</text>\n",
        across(percent / 100.0), top - 12, bottom, bottom + 16, percent);
  return text + fmt::format(
                    "<line x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\" stroke=\"#dc2626\" "
                    "stroke-dasharray=\"4 3\"/>\n",
                    across(0.95), top - 12, bottom);
}

std::string svg(const std::vector<Coverage>& all) {
  const int bottom = top + row_height * static_cast<int>(all.size());
  std::string text = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 {}\" font-family=\"sans-serif\" "
      "font-size=\"12\">\n<title>How often the 95 % interval holds the truth</title>\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
      "<text x=\"250\" y=\"20\"><tspan fill=\"#2563eb\">● published</tspan>  <tspan fill=\"#f97316\">● were "
      "the "
      "truth constant</tspan>  <tspan fill=\"#9ca3af\">● were votes evidence</tspan>  <tspan "
      "fill=\"#dc2626\">┆ 95 %</tspan></text>\n",
      bottom + 26);
  text += axis(bottom);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const int y = top + row_height * static_cast<int>(i) + 6;
    text += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", left - 12, y + 4,
                        all[i].scenario);
    text += dot(all[i].votes_as_evidence, y, "#9ca3af", 5) + dot(all[i].constant_truth, y, "#f97316", 4) +
            dot(all[i].published, y, "#2563eb", 4);
  }
  return text + "</svg>\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: interval_coverage FOLDER\n");
    return 2;
  }
  std::vector<Coverage> all;
  for (const auto& scenario : diary::test::scenarios())
    all.push_back(diary::test::simulate(scenario, streets, seed));
  const std::string folder = argv[1];
  std::ofstream(folder + "/interval-coverage.csv") << csv(all);
  std::ofstream(folder + "/interval-coverage.svg") << svg(all);
  fmt::print("{}", table(all));
  return 0;
}
