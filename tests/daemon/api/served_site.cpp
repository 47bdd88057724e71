#include "tests/daemon/api/served_site.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <future>

namespace lotgate::test {

namespace asio = boost::asio;

std::string fresh_directory() {
    std::string path = (std::filesystem::temp_directory_path() / "lotgate-api-XXXXXX").string();
    if (::mkdtemp(path.data()) == nullptr) FAIL("no temporary directory");
    return path;
}

ServedSite::ServedSite(FakeSite& site, const api::Limits& limits)
    : directory_(fresh_directory()), socket_path_(directory_ + "/control.sock") {
    api::Config config;
    config.port = 0;
    config.socket = socket_path_;
    config.names = {"gate.lan"};
    config.limits = limits;
    auto server = api::Server::listen(loop_.get_executor(), site, config);
    if (!server) FAIL(server.error().detail());
    server_ = std::move(*server);
    port_ = server_->port();
    asio::co_spawn(loop_, server_->run(), asio::detached);
    thread_ = std::thread([this] { loop_.run(); });
}

ServedSite::~ServedSite() {
    stop();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void ServedSite::in_loop(const std::function<void()>& work) {
    std::promise<void> done;
    asio::post(loop_, [&work, &done] {
        work();
        done.set_value();
    });
    done.get_future().wait();
}

void ServedSite::stop() {
    if (!thread_.joinable()) return;
    asio::post(loop_, [this] { server_->stop(); });
    thread_.join();
}

}  // namespace lotgate::test
