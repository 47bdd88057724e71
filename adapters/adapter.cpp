#include "adapters/adapter.hpp"

#include "store/model/assert.hpp"

namespace lotgate::adapters {

std::string_view name_of(HealthState state) {
    switch (state) {
        case HealthState::starting:
            return "starting";
        case HealthState::ready:
            return "ready";
        case HealthState::degraded:
            return "degraded";
        case HealthState::retrying:
            return "retrying";
        case HealthState::failed:
            return "failed";
    }
    LG_ASSERT(false);
}

std::string_view name_of(PrintState state) {
    switch (state) {
        case PrintState::sent:
            return "sent";
        case PrintState::confirmed:
            return "confirmed";
        case PrintState::failed:
            return "failed";
        case PrintState::in_doubt:
            return "in_doubt";
    }
    LG_ASSERT(false);
}

std::string_view name_of(FailOver policy) {
    switch (policy) {
        case FailOver::never:
            return "never";
        case FailOver::ask:
            return "ask";
        case FailOver::automatic:
            return "auto";
    }
    LG_ASSERT(false);
}

std::string_view name_of(DivertState state) {
    switch (state) {
        case DivertState::acknowledged:
            return "acknowledged";
        case DivertState::confirmed:
            return "confirmed";
        case DivertState::missed:
            return "missed";
        case DivertState::lane_full:
            return "lane_full";
        case DivertState::late:
            return "late";
        case DivertState::rejected:
            return "rejected";
        case DivertState::unknown:
            return "unknown";
    }
    LG_ASSERT(false);
}

}  // namespace lotgate::adapters
