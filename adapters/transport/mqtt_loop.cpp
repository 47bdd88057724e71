#include "adapters/transport/mqtt_core.hpp"
#include "adapters/transport/mqtt_topic.hpp"
#include "store/model/assert.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace lotgate::adapters {

MqttSession::Core::Core(boost::asio::any_io_executor loop_,
                        MqttConfig config_,
                        OnMessage on_message_)
    : loop(std::move(loop_)),
      config(std::move(config_)),
      on_message(std::move(on_message_)),
      ended(loop) {
    ended.expires_at(boost::asio::steady_timer::time_point::max());
    for (const MqttSubscription& subscription : config.subscriptions) {
        wanted[subscription.filter] = subscription.qos;
    }
}

void MqttSession::Core::start() {
    LG_ASSERT(!thread.joinable());
    thread = std::thread([core = shared_from_this()] {
        core->work();
        boost::asio::post(core->loop, [core] { core->ended.cancel(); });
    });
}

void MqttSession::Core::request_stop() {
    const std::lock_guard lock(mutex);
    is_stopping = true;
    changed.notify_all();
}

void MqttSession::Core::abandon() {
    const std::lock_guard lock(mutex);
    is_stopping = true;
    is_abandoned = true;
    changed.notify_all();
}

const MqttSession::OnMessage* MqttSession::Core::handler_for(const std::string& topic) const {
    for (const MqttRouteEntry& route : routes) {
        if (topic_matches(route.subscription.filter, topic)) return &route.on_message;
    }
    for (const MqttSubscription& subscription : config.subscriptions) {
        if (on_message && topic_matches(subscription.filter, topic)) return &on_message;
    }
    return nullptr;
}

boost::asio::awaitable<void> MqttSession::Core::handle(MqttMessage message,
                                                       std::shared_ptr<MqttHandover> handover) {
    const OnMessage* found = handler_for(message.topic);
    Handled how = Handled::done;
    if (found != nullptr) {
        const OnMessage handler = *found;  // the route may end while the handler works
        how = co_await handler(std::move(message));
    }
    const std::lock_guard lock(mutex);
    if (found == nullptr) ++counts.unrouted;
    handover->is_finished = true;
    handover->how = how;
    changed.notify_all();
}

void MqttSession::Core::tell_link(bool is_up, bool session_present, const Fault& fault) const {
    if (is_up && on_connected) on_connected(session_present);
    if (!is_up && on_lost) on_lost(fault);
    // A handler may add or end routes: go by number over a copy.
    const std::vector<MqttRouteEntry> told = routes;
    for (const MqttRouteEntry& route : told) {
        if (route.on_link) route.on_link(is_up);
    }
}

bool MqttSession::Core::is_wanted_by_others(const std::string& filter) const {
    for (const MqttSubscription& subscription : config.subscriptions) {
        if (subscription.filter == filter) return true;
    }
    return std::any_of(routes.begin(), routes.end(), [&](const MqttRouteEntry& route) {
        return route.subscription.filter == filter;
    });
}

void MqttSession::Core::post_message(MqttMessage message, std::shared_ptr<MqttHandover> handover) {
    auto take = [core = shared_from_this(),
                 given = std::move(message),
                 answer = std::move(handover)]() mutable {
        boost::asio::co_spawn(
            core->loop,
            core->handle(std::move(given), std::move(answer)),
            [core](const std::exception_ptr& escaped) { LG_ASSERT(escaped == nullptr); });
    };
    boost::asio::post(loop, std::move(take));
}

void MqttSession::Core::post_link(bool is_up, bool session_present, Fault fault) {
    boost::asio::post(
        loop, [core = shared_from_this(), is_up, session_present, given = std::move(fault)] {
            core->tell_link(is_up, session_present, given);
        });
}

MqttSession::MqttSession(boost::asio::any_io_executor loop, MqttConfig config, OnMessage on_message)
    : core_(std::make_shared<Core>(std::move(loop), std::move(config), std::move(on_message))) {}

MqttSession::~MqttSession() {
    core_->abandon();
    if (core_->thread.joinable()) core_->thread.join();
    core_->on_connected = nullptr;
    core_->on_lost = nullptr;
    core_->routes.clear();
}

void MqttSession::on_connected(std::function<void(bool session_present)> function) {
    core_->on_connected = std::move(function);
}

void MqttSession::on_lost(std::function<void(Fault)> function) {
    core_->on_lost = std::move(function);
}

boost::asio::awaitable<void> MqttSession::run() {
    const std::shared_ptr<Core> core = core_;
    core->start();
    co_await core->ended.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    core->request_stop();
}

void MqttSession::stop() {
    core_->request_stop();
}

Result<> MqttSession::publish(std::string topic, std::string payload, int qos, bool retain) {
    if (!topic_is_valid(topic)) return fail(FaultCode::invalid_input, "not a topic name", topic);
    const std::lock_guard lock(core_->mutex);
    if (!core_->is_open) return fail(FaultCode::unavailable, "the broker is not connected");
    if (core_->queue.size() >= core_->config.publish_queue_max) {
        return fail(FaultCode::full, "too many messages wait for the broker");
    }
    core_->queue.push_back({std::move(topic), std::move(payload), qos, retain});
    core_->changed.notify_all();
    return {};
}

bool MqttSession::is_connected() const {
    const std::lock_guard lock(core_->mutex);
    return core_->is_connected;
}

std::string MqttSession::last_error() const {
    const std::lock_guard lock(core_->mutex);
    return core_->last_error;
}

MqttCounters MqttSession::counters() const {
    const std::lock_guard lock(core_->mutex);
    return core_->counts;
}

std::size_t MqttSession::waiting() const {
    const std::lock_guard lock(core_->mutex);
    return core_->queue.size();
}

MqttRoute MqttSession::route(MqttSubscription subscription, OnMessage on_message, OnLink on_link) {
    const std::uint64_t number = ++core_->last_route;
    {
        const std::lock_guard lock(core_->mutex);
        core_->wanted[subscription.filter] = subscription.qos;
        core_->is_wanted_changed = true;
        core_->changed.notify_all();
    }
    core_->routes.push_back(
        {number, std::move(subscription), std::move(on_message), std::move(on_link)});
    return {*this, number};
}

void MqttSession::end_route(std::uint64_t number) {
    std::vector<MqttRouteEntry>& routes = core_->routes;
    const auto found = std::find_if(routes.begin(), routes.end(), [&](const MqttRouteEntry& route) {
        return route.number == number;
    });
    if (found == routes.end()) return;
    const std::string filter = found->subscription.filter;
    routes.erase(found);
    if (core_->is_wanted_by_others(filter)) return;
    const std::lock_guard lock(core_->mutex);
    core_->wanted.erase(filter);
    core_->is_wanted_changed = true;
    core_->changed.notify_all();
}

MqttRoute::MqttRoute(MqttRoute&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), number_(other.number_) {}

MqttRoute::~MqttRoute() {
    if (session_ != nullptr) session_->end_route(number_);
}

}  // namespace lotgate::adapters
