#include "tests/powercut/conversation.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace lotgate::powercut {

namespace {

constexpr std::chrono::seconds patience{120};

class Talk {
public:
    Talk(store::Store& store,
         const Conversation& conversation,
         const NextBurst& next,
         const Heard& heard)
        : store_(&store), conversation_(&conversation), next_(&next), heard_(&heard) {}

    bool run() {
        fetch();
        if (waiting_.empty()) return true;
        outstanding_ = 1;
        send_first();
        std::unique_lock lock(mutex_);
        return over_.wait_for(lock, patience, [this] { return is_over_; });
    }

private:
    void fetch() {
        for (const std::size_t number : (*next_)()) waiting_.push_back(number);
    }

    void send_first() {
        const std::size_t number = waiting_.front();
        waiting_.pop_front();
        store_->submit(
            conversation_->exchanges[number].sent,
            [this, number](Result<store::Outcome> answer) { answered(number, std::move(answer)); });
    }

    void answered(std::size_t number, Result<store::Outcome> answer) {
        if (!answer && answer.error().code() == FaultCode::store_unsafe) is_unsafe_ = true;
        (*heard_)(number, std::move(answer));
        if (--outstanding_ > 0) return;
        if (waiting_.empty() && !is_unsafe_) fetch();
        if (waiting_.empty() || is_unsafe_) return end();
        outstanding_ = waiting_.size();
        for (std::size_t left = outstanding_; left > 0; --left) send_first();
    }

    void end() {
        const std::lock_guard lock(mutex_);
        is_over_ = true;
        over_.notify_all();
    }

    store::Store* store_;
    const Conversation* conversation_;
    const NextBurst* next_;
    const Heard* heard_;
    std::deque<std::size_t> waiting_;
    std::size_t outstanding_ = 0;
    bool is_unsafe_ = false;
    std::mutex mutex_;
    std::condition_variable over_;
    bool is_over_ = false;
};

}  // namespace

bool converse(store::Store& store,
              const Conversation& conversation,
              const NextBurst& next,
              const Heard& heard) {
    Talk talk(store, conversation, next, heard);
    return talk.run();
}

}  // namespace lotgate::powercut
