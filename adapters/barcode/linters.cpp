#include "adapters/barcode/linters.hpp"

#include <algorithm>
#include <array>

namespace lotgate::barcode {

namespace {

constexpr std::uint8_t in_digits = 1;
constexpr std::uint8_t in_cset82 = 2;
constexpr std::uint8_t in_cset39 = 4;
constexpr std::uint8_t in_base64 = 8;
constexpr std::uint8_t in_importer = 16;

// GenSpecs 7.11: CSET 82, CSET 39, CSET 64, as bits of one table.
constexpr std::array<std::uint8_t, 256> members = [] {
    std::array<std::uint8_t, 256> table{};
    const auto add = [&table](std::string_view characters, std::uint8_t sets) {
        for (const char c : characters) {
            auto& entry = table[static_cast<unsigned char>(c)];
            entry = static_cast<std::uint8_t>(entry | sets);
        }
    };
    constexpr std::string_view digits = "0123456789";
    constexpr std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
    add(digits, in_digits | in_cset82 | in_cset39 | in_base64 | in_importer);
    add(upper, in_cset82 | in_cset39 | in_base64 | in_importer);
    add(lower, in_cset82 | in_base64 | in_importer);
    add("!\"%&'()*+,-./:;<=>?_", in_cset82);
    add("#-/", in_cset39);
    add("-_", in_base64 | in_importer);
    return table;
}();

bool has(char c, std::uint8_t set) {
    return (members[static_cast<unsigned char>(c)] & set) != 0;
}

std::uint8_t set_of(Charset charset) {
    switch (charset) {
        case Charset::digits:
            return in_digits;
        case Charset::cset82:
            return in_cset82;
        case Charset::cset39:
            return in_cset39;
        case Charset::base64url:
            return in_base64;
    }
    return 0;
}

LintFinding bad(ErrorClass error, std::size_t offset = 0) {
    return {error, static_cast<std::uint32_t>(offset)};
}

LintFinding good_if(bool good, ErrorClass error = ErrorClass::lint_bad_value) {
    return good ? LintFinding{} : bad(error);
}

int two_digits(std::string_view text, std::size_t at) {
    return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

int days_in(int month, bool leap) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

LintFinding check_month_day(std::string_view text, std::size_t at, bool leap, bool day_zero) {
    const int month = two_digits(text, at);
    if (month < 1 || month > 12) return bad(ErrorClass::lint_bad_date, at);
    const int day = two_digits(text, at + 2);
    if (day > days_in(month, leap) || (day == 0 && !day_zero)) {
        return bad(ErrorClass::lint_bad_date, at + 2);
    }
    return {};
}

LintFinding check_yyyymmdd(std::string_view text) {
    if (text.size() != 8 || !all_digits(text)) return bad(ErrorClass::lint_bad_date);
    const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return check_month_day(text, 4, leap, false);
}

LintFinding check_below(std::string_view text, int limit) {
    if (text.size() != 2 || !all_digits(text)) return bad(ErrorClass::lint_bad_date);
    return good_if(two_digits(text, 0) < limit, ErrorClass::lint_bad_date);
}

LintFinding check_hhmi(std::string_view text) {
    if (text.size() != 4 || !all_digits(text)) return bad(ErrorClass::lint_bad_date);
    if (two_digits(text, 0) > 23) return bad(ErrorClass::lint_bad_date);
    if (two_digits(text, 2) > 59) return bad(ErrorClass::lint_bad_date, 2);
    return {};
}

LintFinding check_company_prefix(std::string_view text, std::size_t start) {
    constexpr std::size_t shortest = 4;
    if (text.size() < start + shortest) return bad(ErrorClass::lint_bad_value);
    for (std::size_t i = start; i < start + shortest; ++i) {
        if (!is_digit(text[i])) return bad(ErrorClass::lint_bad_value, i);
    }
    return {};
}

LintFinding check_pair_at_end(std::string_view text) {
    if (text.size() < 2) return bad(ErrorClass::lint_bad_value);
    const std::string_view data = text.substr(0, text.size() - 2);
    constexpr std::string_view alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    for (std::size_t i = data.size(); i < text.size(); ++i) {
        if (alphabet.find(text[i]) == std::string_view::npos) {
            return bad(ErrorClass::lint_bad_character, i);
        }
    }
    const CheckPair pair = check_pair(data);
    const bool right = pair.first == text[data.size()] && pair.second == text[data.size() + 1];
    return right ? LintFinding{} : bad(ErrorClass::lint_bad_value, data.size());
}

// ISO 13616: country letters, then mod 97 over the text with its first four moved to the end.
LintFinding check_iban(std::string_view text) {
    constexpr std::size_t longest = 34;
    constexpr std::size_t longer_than = 10;
    const bool sized = text.size() > longer_than && text.size() <= longest;
    if (!sized || !is_country_letters(text.substr(0, 2))) return bad(ErrorClass::lint_bad_iban);
    int remainder = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t at = (i + 4) % text.size();
        const char c = text[at];
        if (is_digit(c)) {
            remainder = (remainder * 10 + (c - '0')) % 97;
        } else if (c >= 'A' && c <= 'Z') {
            remainder = (remainder * 100 + (c - 'A' + 10)) % 97;
        } else {
            return bad(ErrorClass::lint_bad_iban, at);
        }
    }
    return remainder == 1 ? LintFinding{} : bad(ErrorClass::lint_bad_iban, 2);
}

bool is_hex(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

LintFinding check_percent(std::string_view text) {
    for (std::size_t i = text.find('%'); i != std::string_view::npos; i = text.find('%', i + 3)) {
        const bool whole = i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2]);
        if (!whole) return bad(ErrorClass::lint_bad_percent_encoding, i);
    }
    return {};
}

LintFinding check_piece_of_total(std::string_view text) {
    const std::size_t half = text.size() / 2;
    if (half == 0 || text.size() % 2 != 0 || !all_digits(text)) {
        return bad(ErrorClass::lint_bad_piece_of_total);
    }
    const std::string_view piece = text.substr(0, half);
    const std::string_view total = text.substr(half);
    const auto is_zero = [](std::string_view digits) {
        return digits.find_first_not_of('0') == std::string_view::npos;
    };
    if (is_zero(piece)) return bad(ErrorClass::lint_bad_piece_of_total);
    if (is_zero(total)) return bad(ErrorClass::lint_bad_piece_of_total, half);
    return good_if(piece <= total, ErrorClass::lint_bad_piece_of_total);
}

LintFinding check_position_in_sequence(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return bad(ErrorClass::lint_bad_value);
    const std::string_view position = text.substr(0, slash);
    const std::string_view end = text.substr(slash + 1);
    if (!all_digits(position) || !all_digits(end)) return bad(ErrorClass::lint_bad_value);
    if (position.front() == '0') return bad(ErrorClass::lint_bad_value);
    if (end.front() == '0') return bad(ErrorClass::lint_bad_value, slash + 1);
    const bool within =
        position.size() < end.size() || (position.size() == end.size() && position <= end);
    return good_if(within);
}

// GenSpecs 3.5.9: ten digits, hundred-millionths of a degree, shifted to be positive.
LintFinding check_degrees(std::string_view text, std::string_view largest) {
    const bool fits = text.size() == 10 && all_digits(text) && text <= largest;
    return good_if(fits, ErrorClass::lint_bad_geo);
}

LintFinding check_media_type(std::string_view text) {
    if (text.size() != 2 || !all_digits(text)) return bad(ErrorClass::lint_bad_value);
    const int code = two_digits(text, 0);
    return good_if((code >= 1 && code <= 10) || code >= 80);
}

bool only(std::string_view text, char c) {
    return !text.empty() && text.find_first_not_of(c) == std::string_view::npos;
}

LintFinding check_time(Linter linter, std::string_view text) {
    switch (linter) {
        case Linter::yymmd0:
            return check_yymmdd(text, true);
        case Linter::yymmdd:
            return check_yymmdd(text, false);
        case Linter::yyyymmdd:
            return check_yyyymmdd(text);
        case Linter::hh:
            return check_below(text, 24);
        case Linter::mi:
        case Linter::ss:
            return check_below(text, 60);
        default:
            return check_hhmi(text);
    }
}

LintFinding check_code(Linter linter, std::string_view text) {
    switch (linter) {
        case Linter::iso3166:
            return good_if(is_country_number(text), ErrorClass::lint_bad_country);
        case Linter::iso3166999:
            return good_if(text == "999" || is_country_number(text), ErrorClass::lint_bad_country);
        case Linter::iso3166alpha2:
            return good_if(is_country_letters(text), ErrorClass::lint_bad_country);
        case Linter::iso4217:
            return good_if(is_currency_number(text), ErrorClass::lint_bad_currency);
        case Linter::iso5218:
            return good_if(text == "0" || text == "1" || text == "2" || text == "9");
        case Linter::mediatype:
            return check_media_type(text);
        case Linter::packagetype:
            return good_if(is_package_type(text));
        case Linter::winding:
            return good_if(text == "0" || text == "1" || text == "9");
        default:
            return good_if(text == "0" || text == "1");
    }
}

LintFinding check_shape(Linter linter, std::string_view text) {
    switch (linter) {
        case Linter::importeridx:
            return good_if(text.size() == 1 && has(text[0], in_importer));
        case Linter::nonzero:
            return good_if(!only(text, '0'));
        case Linter::zero:
            return good_if(only(text, '0'));
        case Linter::nozeroprefix:
            return good_if(!text.empty() && text.front() != '0');
        case Linter::hyphen:
            return good_if(only(text, '-'));
        case Linter::hasnondigit:
            return good_if(!all_digits(text));
        case Linter::posinseqslash:
            return check_position_in_sequence(text);
        case Linter::pieceoftotal:
            return check_piece_of_total(text);
        default:
            return check_percent(text);
    }
}

}  // namespace

bool is_cset82(char c) {
    return has(c, in_cset82);
}

bool mod10_is_right(std::string_view digits) {
    int sum = 0;
    int weight = digits.size() % 2 == 0 ? 3 : 1;
    for (const char c : digits) {
        sum += (c - '0') * weight;
        weight = 4 - weight;
    }
    return sum % 10 == 0;
}

CheckPair check_pair(std::string_view data) {
    constexpr std::string_view weights =
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
    constexpr std::string_view alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    constexpr std::array<unsigned, 97> primes = [] {
        std::array<unsigned, 97> found{};
        std::size_t count = 0;
        for (unsigned n = 2; count < found.size(); ++n) {
            bool prime = true;
            for (unsigned d = 2; d * d <= n; ++d) prime = prime && n % d != 0;
            if (prime) found[count++] = n;
        }
        return found;
    }();
    if (data.size() > primes.size()) return {};
    unsigned sum = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
        const std::size_t weight = weights.find(data[data.size() - 1 - i]);
        if (weight == std::string_view::npos) return {};
        sum += static_cast<unsigned>(weight) * primes[i];
    }
    sum %= 1021;
    return {alphabet[sum >> 5U], alphabet[sum & 31U]};
}

LintFinding check_yymmdd(std::string_view text, bool day_zero) {
    if (text.size() != 6 || !all_digits(text)) return bad(ErrorClass::lint_bad_date);
    // Of the years that two digits can mean within the window, 00 is 2000, which was leap.
    return check_month_day(text, 2, two_digits(text, 0) % 4 == 0, day_zero);
}

LintFinding check_charset(Charset charset, std::string_view text) {
    std::string_view body = text;
    if (charset == Charset::base64url) {
        while (!body.empty() && body.back() == '=') body.remove_suffix(1);
        const std::size_t padding = text.size() - body.size();
        // The reference linter counts to three, not four; labels in the field follow it.
        if (padding > 2 || (padding > 0 && text.size() % 3 != 0)) {
            return bad(ErrorClass::lint_bad_character, body.size());
        }
    }
    const std::uint8_t set = set_of(charset);
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (has(body[i], set)) continue;
        const bool number = charset == Charset::digits;
        return bad(number ? ErrorClass::lint_bad_value : ErrorClass::lint_bad_character, i);
    }
    return {};
}

LintFinding check(Linter linter, std::string_view text) {
    switch (linter) {
        case Linter::none:
            return {};
        case Linter::csum:
            return mod10_is_right(text)
                       ? LintFinding{}
                       : bad(ErrorClass::bad_check_digit, text.empty() ? 0 : text.size() - 1);
        case Linter::csumalpha:
            return check_pair_at_end(text);
        case Linter::gcppos1:
            return check_company_prefix(text, 0);
        case Linter::gcppos2:
            return check_company_prefix(text, 1);
        case Linter::yymmd0:
        case Linter::yymmdd:
        case Linter::yyyymmdd:
        case Linter::hh:
        case Linter::mi:
        case Linter::ss:
        case Linter::hhmi:
            return check_time(linter, text);
        case Linter::iso3166:
        case Linter::iso3166999:
        case Linter::iso3166alpha2:
        case Linter::iso4217:
        case Linter::iso5218:
        case Linter::mediatype:
        case Linter::packagetype:
        case Linter::winding:
        case Linter::yesno:
            return check_code(linter, text);
        case Linter::iban:
            return check_iban(text);
        case Linter::latitude:
            return check_degrees(text, "1800000000");
        case Linter::longitude:
            return check_degrees(text, "3600000000");
        case Linter::couponcode:
            return check_coupon(text);
        case Linter::couponposoffer:
            return check_positive_offer(text);
        default:
            return check_shape(linter, text);
    }
}

}  // namespace lotgate::barcode
