#include "sync/hub/pg.hpp"

#include "store/model/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <libpq-fe.h>

namespace lotgate::hub {

namespace {

constexpr int attempts_max = 5;

std::string_view view_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

FaultCode code_of(std::string_view sqlstate) {
    if (sqlstate == "40001" || sqlstate == "40P01") return FaultCode::conflict;
    if (sqlstate.starts_with("22") || sqlstate.starts_with("23")) return FaultCode::invalid_input;
    return FaultCode::unavailable;
}

std::string one_line(const char* message) {
    std::string text = message == nullptr ? "" : message;
    std::replace(text.begin(), text.end(), '\n', ' ');
    while (!text.empty() && text.back() == ' ') text.pop_back();
    return text;
}

template <class Octets>
Octets octets_from(std::string_view bytes) {
    Octets octets{};
    const std::size_t size = std::min(bytes.size(), octets.size());
    std::memcpy(octets.data(), bytes.data(), size);
    return octets;
}

}  // namespace

Parameters& Parameters::text(std::string_view value) {
    values_.emplace_back(value);
    formats_.push_back(0);
    return *this;
}

Parameters& Parameters::number(std::uint64_t value) {
    return text(fmt::format("{}", static_cast<std::int64_t>(value)));
}

Parameters& Parameters::bytes(std::string_view value) {
    values_.emplace_back(value);
    formats_.push_back(1);
    return *this;
}

Parameters& Parameters::bytes(std::span<const std::uint8_t> value) {
    return bytes(view_of(value));
}

Rows::Rows(pg_result* result) : result_(result, PQclear) {}

std::size_t Rows::size() const {
    return result_ ? static_cast<std::size_t>(PQntuples(result_.get())) : 0;
}

std::size_t Rows::affected() const {
    const std::string_view text = PQcmdTuples(result_.get());
    std::size_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

std::string Rows::text(std::size_t row, int column) const {
    const int at = static_cast<int>(row);
    return {PQgetvalue(result_.get(), at, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), at, column))};
}

std::uint64_t Rows::number(std::size_t row, int column) const {
    const std::string value = text(row, column);
    std::int64_t number = 0;
    std::from_chars(value.data(), value.data() + value.size(), number);
    return static_cast<std::uint64_t>(number);
}

std::string Rows::bytes(std::size_t row, int column) const {
    const std::string hex = text(row, column);  // "\x0102…" (bytea_output = hex)
    std::size_t size = 0;
    unsigned char* raw =
        PQunescapeBytea(reinterpret_cast<const unsigned char*>(hex.c_str()), &size);
    LG_ASSERT(raw != nullptr);
    std::string bytes(reinterpret_cast<const char*>(raw), size);
    PQfreemem(raw);
    return bytes;
}

bool Rows::is_null(std::size_t row, int column) const {
    return PQgetisnull(result_.get(), static_cast<int>(row), column) != 0;
}

Connection::Connection(std::string conninfo) : conninfo_(std::move(conninfo)) {}

Connection::~Connection() {
    close();
}

void Connection::close() {
    if (connection_ != nullptr) PQfinish(connection_);
    connection_ = nullptr;
    prepared_.clear();
}

Result<> Connection::connect() {
    if (connection_ != nullptr && PQstatus(connection_) == CONNECTION_OK) return {};
    close();
    // What the connection string says goes before these limits.
    const std::array<const char*, 4> keywords{"connect_timeout", "tcp_user_timeout", "dbname", {}};
    const std::array<const char*, 4> values{"5", "10000", conninfo_.c_str(), {}};
    connection_ = PQconnectdbParams(keywords.data(), values.data(), 1);
    if (connection_ == nullptr || PQstatus(connection_) != CONNECTION_OK)
        return fail(FaultCode::unavailable,
                    "The database does not answer: " + one_line(PQerrorMessage(connection_)));
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
    return run_script(
        "SET client_min_messages = warning; SET bytea_output = hex; "
        "SET synchronous_commit = on");
}

Result<Rows> Connection::taken(pg_result* result) {
    Rows rows(result);
    const auto status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return rows;
    const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const std::string because = one_line(PQerrorMessage(connection_));
    if (PQstatus(connection_) != CONNECTION_OK || state == nullptr)
        return fail(FaultCode::unavailable, "The database went away: " + because);
    return fail(code_of(state), fmt::format("The database refused it ({}): {}", state, because));
}

namespace {

struct Pointers {
    std::vector<const char*> values;
    std::vector<int> lengths;

    explicit Pointers(const std::vector<std::string>& from) {
        for (const std::string& value : from) {
            values.push_back(value.c_str());
            lengths.push_back(static_cast<int>(value.size()));
        }
    }
};

}  // namespace

Result<Rows> Connection::run(const std::string& sql, const Parameters& parameters) {
    LG_CHECK(connect());
    const Pointers pointers(parameters.values_);
    return taken(PQexecParams(connection_,
                              sql.c_str(),
                              static_cast<int>(pointers.values.size()),
                              nullptr,
                              pointers.values.data(),
                              pointers.lengths.data(),
                              parameters.formats_.data(),
                              0));
}

Result<Rows> Connection::run_prepared(const std::string& sql, const Parameters& parameters) {
    LG_CHECK(connect());
    auto found = std::find(prepared_.begin(), prepared_.end(), sql);
    const std::string name = fmt::format("lg{}", found - prepared_.begin());
    if (found == prepared_.end()) {
        LG_CHECK(taken(PQprepare(connection_, name.c_str(), sql.c_str(), 0, nullptr)));
        prepared_.push_back(sql);
    }
    const Pointers pointers(parameters.values_);
    return taken(PQexecPrepared(connection_,
                                name.c_str(),
                                static_cast<int>(pointers.values.size()),
                                pointers.values.data(),
                                pointers.lengths.data(),
                                parameters.formats_.data(),
                                0));
}

Result<> Connection::run_script(const std::string& sql) {
    if (connection_ == nullptr) LG_CHECK(connect());
    LG_CHECK(taken(PQexec(connection_, sql.c_str())));
    return {};
}

Result<> Connection::in_transaction(const std::function<Result<>()>& body) {
    for (int attempt = 1;; ++attempt) {
        LG_CHECK(run("BEGIN"));
        auto done = body();
        if (done) {
            auto committed = run("COMMIT");
            if (committed) return {};
            done = fail(committed.error());
        }
        // A lost connection has rolled back by itself; the fault that counts is the first one.
        if (PQstatus(connection_) == CONNECTION_OK) static_cast<void>(run("ROLLBACK"));
        if (done.error().code() != FaultCode::conflict || attempt == attempts_max) return done;
    }
}

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (const char character : text) {
        const auto octet = static_cast<unsigned char>(character);
        if (octet >= 0x20 && octet < 0x7f && character != '\\')
            out.push_back(character);
        else
            out += fmt::format("\\x{:02x}", octet);
    }
    return out;
}

Hash hash_from(std::string_view bytes) {
    return octets_from<Hash>(bytes);
}

InstanceId instance_from(std::string_view bytes) {
    return octets_from<InstanceId>(bytes);
}

}  // namespace lotgate::hub
