#include "daemon/cli/http_client.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace lotgate;
using namespace lotgate::cli;

namespace {

std::string body_of(const std::string& bytes) {
    const auto answer = read_http_answer(bytes);
    return answer ? answer->body : "FAULT " + answer.error().detail();
}

}  // namespace

TEST_CASE("An answer is read by its length, its chunks, or to its end", "[cli]") {
    CHECK(body_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") == "hi");
    CHECK(body_of("HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\nhi and more") == "hi");
    CHECK(body_of("HTTP/1.1 200 OK\r\n\r\nto the end") == "to the end");
    CHECK(body_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nabc\r\n2;x=1\r\nde\r\n0\r\n\r\n") == "abcde");
    CHECK(read_http_answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")->status == 404);
}

TEST_CASE("An answer that is cut, or is no answer, is never taken for a whole one", "[cli]") {
    for (const char* bytes : {"",
                              "HTTP/1.1",
                              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
                              "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
                              "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\nhi",
                              "HTTP/1.1 abc\r\n\r\n",
                              "220 mail.example ESMTP\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
        INFO(bytes);
        const auto answer = read_http_answer(bytes);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code() == FaultCode::corrupt);
    }
}

TEST_CASE("What is asked reaches the daemon unchanged", "[cli]") {
    CHECK(percent_encoded("L-88_x.y~z") == "L-88_x.y~z");
    CHECK(percent_encoded("#12 /&=%\x1d\xC3\xA9") == "%2312%20%2F%26%3D%25%1D%C3%A9");
}
