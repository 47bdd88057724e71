#include "daemon/api/guard.hpp"

#include <algorithm>
#include <cctype>

namespace lotgate::api {

namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto same = [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

/// "localhost:8080" -> "localhost", "[::1]:8080" -> "::1".
std::string_view host_without_port(std::string_view host) {
    if (!host.empty() && host.front() == '[') {
        const auto close = host.find(']');
        return close == std::string_view::npos ? std::string_view{} : host.substr(1, close - 1);
    }
    return host.substr(0, host.find(':'));
}

bool is_ours(std::string_view host, const std::vector<std::string>& names) {
    const std::string_view name = host_without_port(host);
    if (is_loopback(name)) return true;
    return std::any_of(names.begin(), names.end(), [name](const std::string& own) {
        return equals_ignoring_case(own, name);
    });
}

/// Origin "http://localhost:8080" belongs to Host "localhost:8080".
bool is_same_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.substr(0, scheme.size()) == scheme) {
            return equals_ignoring_case(origin.substr(scheme.size()), host);
        }
    }
    return false;
}

}  // namespace

bool is_loopback(std::string_view address) {
    if (equals_ignoring_case(address, "localhost") || address == "::1") return true;
    if (address.substr(0, 4) != "127.") return false;
    const auto dots = std::count(address.begin(), address.end(), '.');
    return dots == 3 && std::all_of(address.begin(), address.end(), [](char c) {
               return (c >= '0' && c <= '9') || c == '.';
           });
}

std::optional<Problem> refused_by_guard(const Request& request,
                                        const std::vector<std::string>& names) {
    if (request.is_local_socket) return std::nullopt;
    if (!is_ours(request.host, names)) {
        return Problem{421,
                       "wrong_host",
                       "Not served under this name",
                       "This site does not answer to the Host it was asked for.",
                       "Open http://localhost with the same port, or add the name to `names` in "
                       "[api] of the configuration."};
    }
    // A link from elsewhere may lead to the page; what it asks for afterwards is its own.
    const bool is_reading_page = (request.method == "GET" || request.method == "HEAD") &&
                                 request.path.substr(0, 5) != "/api/";
    if (is_reading_page) return std::nullopt;
    const bool is_foreign =
        request.fetch_site == "cross-site" ||
        (!request.origin.empty() && !is_same_origin(request.origin, request.host));
    if (!is_foreign) return std::nullopt;
    return Problem{403,
                   "foreign_origin",
                   "Started by another site",
                   "The request was started by a page that is not this site's.",
                   "Use the page this address serves, or a program that sends no Origin."};
}

}  // namespace lotgate::api
