#include "daemon/import/csv_reader.hpp"

namespace lotgate::import {

namespace {

constexpr std::size_t field_bytes_max = 64UL * 1024;
constexpr std::size_t fields_max = 200;
constexpr int end_of_file = std::char_traits<char>::eof();

}  // namespace

CsvReader::CsvReader(std::istream& in) : in_(in.rdbuf()) {}

tl::unexpected<Fault> CsvReader::problem(const std::string& what) const {
    return fail(FaultCode::invalid_input, "line " + std::to_string(line_) + ": " + what);
}

Result<> CsvReader::begin() {
    const int first = in_->sgetc();
    if (first == 0xff || first == 0xfe || first == 0)
        return problem("the file is UTF-16. Save it as \"CSV UTF-8\".");
    if (first == 0xef) {
        in_->sbumpc();
        if (in_->sbumpc() != 0xbb || in_->sbumpc() != 0xbf)
            return problem("the file is no UTF-8. Save it as \"CSV UTF-8\".");
    }
    return {};
}

Result<bool> CsvReader::next(CsvRow& row) {
    if (line_ == 1 && separator_ == 0) {
        LG_CHECK(begin());
    }
    while (true) {
        LG_TRY(const bool is_there, read(row));
        if (!is_there) return false;
        if (row.fields.size() > 1 || !row.fields.front().empty()) return true;
    }
}

Result<bool> CsvReader::read(CsvRow& row) {
    row.fields.assign(1, {});
    row.line = line_;
    if (in_->sgetc() == end_of_file) return false;
    while (true) {
        LG_TRY(const int c, read_character(row.fields.back()));
        if (c == '\n' || c == end_of_file) break;
        // The row of names tells the separator; no name has either in it.
        if (separator_ == 0 && (c == ',' || c == ';')) separator_ = static_cast<char>(c);
        if (c == separator_ && separator_ != 0) {
            if (row.fields.size() == fields_max) return problem("more than 200 columns.");
            row.fields.emplace_back();
            continue;
        }
        if (c == '"') return problem("a quote inside a field. Put the whole field in quotes.");
        if (c < 0x20 && c != '\t') return problem("a control character.");
        std::string& field = row.fields.back();
        field.push_back(static_cast<char>(c));
        if (field.size() > field_bytes_max) return problem("a field of more than 64 KiB.");
    }
    if (separator_ == 0) separator_ = ',';
    ++line_;
    return true;
}

Result<int> CsvReader::read_character(std::string& field) {
    int c = in_->sbumpc();
    if (c == '"' && field.empty()) {
        LG_CHECK(read_quoted(field));
        c = in_->sbumpc();
        if (c != end_of_file && c != ',' && c != ';' && c != '\r' && c != '\n')
            return problem("text follows a closing quote. Write a quote inside as \"\".");
    }
    if (c == '\r' && in_->sgetc() == '\n') c = in_->sbumpc();
    return c;
}

Result<> CsvReader::read_quoted(std::string& field) {
    const std::int64_t from = line_;
    while (true) {
        const int c = in_->sbumpc();
        if (c == end_of_file) {
            line_ = from;
            return problem("a quote is opened and never closed.");
        }
        if (c == '"' && in_->sgetc() != '"') return {};
        if (c == '"') in_->sbumpc();
        if (c == '\n') ++line_;
        field.push_back(static_cast<char>(c));
        if (field.size() > field_bytes_max) return problem("a field of more than 64 KiB.");
    }
}

}  // namespace lotgate::import
