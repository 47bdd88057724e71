#include "store/model/pattern.hpp"

#include <memory>
#include <optional>
#include <string>

namespace lotgate {

namespace {

constexpr std::size_t pattern_length_max = 256;
constexpr std::size_t steps_max = 4096;
constexpr int depth_max = 20;
constexpr int repeats_max = 100;

using Characters = Pattern::Characters;
using Step = Pattern::Step;

struct Node {
    enum class Kind { characters, sequence, choice, repeat } kind = Kind::sequence;
    Characters characters = {};
    std::vector<std::unique_ptr<Node>> parts = {};
    int least = 0;
    int most = -1;  // -1: any number
};

using NodePtr = std::unique_ptr<Node>;

Characters range_of(unsigned char first, unsigned char last) {
    Characters set;
    for (unsigned c = first; c <= last; ++c) set.set(c);
    return set;
}

std::optional<Characters> class_named(char letter) {
    switch (letter) {
        case 'd':
            return range_of('0', '9');
        case 'D':
            return ~range_of('0', '9');
        case 'w':
            return range_of('0', '9') | range_of('a', 'z') | range_of('A', 'Z') |
                   range_of('_', '_');
        case 'W':
            return ~*class_named('w');
        case 's':
            return range_of(' ', ' ') | range_of('\t', '\r');
        case 'S':
            return ~*class_named('s');
        default:
            return std::nullopt;
    }
}

class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    Result<NodePtr> whole() {
        take('^');
        LG_TRY(NodePtr node, choice(0));
        if (at_ == text_.size()) return node;
        return problem(text_[at_] == ')' ? "a ) without its ("
                                         : "something that cannot stand here");
    }

private:
    [[nodiscard]] tl::unexpected<Fault> problem(const std::string& what) const {
        return fail(FaultCode::invalid_input,
                    "the pattern has " + what + " at character " + std::to_string(at_ + 1),
                    std::string(text_));
    }

    [[nodiscard]] bool is_end() const {
        return at_ == text_.size() || (text_[at_] == '$' && at_ + 1 == text_.size());
    }

    bool take(char c) {
        if (at_ == text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }

    Result<NodePtr> choice(int depth) {
        if (depth > depth_max) return problem("too many brackets");
        auto node = std::make_unique<Node>();
        node->kind = Node::Kind::choice;
        do {
            LG_TRY(NodePtr branch, sequence(depth));
            node->parts.push_back(std::move(branch));
        } while (take('|'));
        if (depth == 0 && is_end()) at_ = text_.size();
        return node;
    }

    Result<NodePtr> sequence(int depth) {
        auto node = std::make_unique<Node>();
        while (!is_end() && text_[at_] != '|' && text_[at_] != ')') {
            LG_TRY(NodePtr part, counted(depth));
            node->parts.push_back(std::move(part));
        }
        return node;
    }

    Result<NodePtr> counted(int depth) {
        LG_TRY(NodePtr part, atom(depth));
        auto node = std::make_unique<Node>();
        node->kind = Node::Kind::repeat;
        if (take('*')) {
            node->least = 0;
        } else if (take('+')) {
            node->least = 1;
        } else if (take('?')) {
            node->most = 1;
        } else if (take('{')) {
            LG_CHECK(counts(*node));
        } else {
            return part;
        }
        node->parts.push_back(std::move(part));
        return node;
    }

    Result<> counts(Node& node) {
        LG_TRY(node.least, number());
        node.most = node.least;
        if (take(',')) {
            node.most = -1;
            if (at_ < text_.size() && text_[at_] != '}') {
                LG_TRY(node.most, number());
            }
        }
        const bool is_right = take('}') && node.least <= repeats_max && node.most <= repeats_max &&
                              (node.most < 0 || node.least <= node.most);
        if (!is_right) return problem("a count that is none, or over 100,");
        return {};
    }

    Result<int> number() {
        int value = 0;
        const std::size_t from = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && value <= repeats_max)
            value = value * 10 + (text_[at_++] - '0');
        if (at_ == from) return problem("a count without a number");
        return value;
    }

    Result<NodePtr> atom(int depth) {
        if (take('(')) {
            LG_TRY(NodePtr inner, choice(depth + 1));
            if (!take(')')) return problem("a ( without its )");
            return inner;
        }
        auto node = std::make_unique<Node>();
        node->kind = Node::Kind::characters;
        const char c = text_[at_];
        if (std::string_view("*+?{}]").find(c) != std::string_view::npos)
            return problem(std::string("a ") + c + " that counts nothing");
        if (take('[')) {
            LG_TRY(node->characters, set());
            return node;
        }
        if (take('.')) {
            node->characters.set();
            return node;
        }
        LG_TRY(node->characters, one());
        return node;
    }

    Result<Characters> one() {
        if (take('\\')) {
            if (at_ == text_.size()) return problem("a \\ at its end");
            if (const auto named = class_named(text_[at_])) {
                ++at_;
                return *named;
            }
        }
        const auto c = static_cast<unsigned char>(text_[at_++]);
        return range_of(c, c);
    }

    Result<Characters> set() {
        const bool is_not = take('^');
        Characters all;
        bool is_first = true;
        while (at_ < text_.size() && (is_first || text_[at_] != ']')) {
            is_first = false;
            const auto first = static_cast<unsigned char>(text_[at_]);
            LG_TRY(const Characters some, one());
            all |= some;
            const bool is_range = some.count() == 1 && at_ + 1 < text_.size() &&
                                  text_[at_] == '-' && text_[at_ + 1] != ']';
            if (!is_range) continue;
            ++at_;
            const auto last = static_cast<unsigned char>(text_[at_++]);
            if (last < first) return problem("a range that runs backwards");
            all |= range_of(first, last);
        }
        if (!take(']')) return problem("a [ without its ]");
        return is_not ? ~all : all;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

class Emitter {
public:
    bool emit(const Node& node) {
        if (steps_.size() > steps_max) return false;
        switch (node.kind) {
            case Node::Kind::characters:
                steps_.push_back({Step::Kind::character, node.characters});
                return true;
            case Node::Kind::sequence:
                for (const NodePtr& part : node.parts)
                    if (!emit(*part)) return false;
                return true;
            case Node::Kind::choice:
                return emit_choice(node, 0);
            case Node::Kind::repeat:
                return emit_repeat(node);
        }
        return false;
    }

    std::vector<Step> done() {
        steps_.push_back({});
        return std::move(steps_);
    }

private:
    std::size_t add(Step::Kind kind) {
        steps_.push_back({kind});
        return steps_.size() - 1;
    }

    bool emit_choice(const Node& node, std::size_t from) {
        if (from + 1 == node.parts.size()) return emit(*node.parts[from]);
        const std::size_t fork = add(Step::Kind::fork);
        steps_[fork].to = steps_.size();
        if (!emit(*node.parts[from])) return false;
        const std::size_t jump = add(Step::Kind::jump);
        steps_[fork].or_to = steps_.size();
        if (!emit_choice(node, from + 1)) return false;
        steps_[jump].to = steps_.size();
        return true;
    }

    bool emit_repeat(const Node& node) {
        const Node& part = *node.parts.front();
        for (int i = 0; i < node.least; ++i)
            if (!emit(part)) return false;
        if (node.most < 0) {
            const std::size_t fork = add(Step::Kind::fork);
            steps_[fork].to = steps_.size();
            if (!emit(part)) return false;
            steps_[add(Step::Kind::jump)].to = fork;
            steps_[fork].or_to = steps_.size();
            return true;
        }
        std::vector<std::size_t> forks;
        for (int i = node.least; i < node.most; ++i) {
            forks.push_back(add(Step::Kind::fork));
            steps_[forks.back()].to = steps_.size();
            if (!emit(part)) return false;
        }
        for (const std::size_t fork : forks) steps_[fork].or_to = steps_.size();
        return true;
    }

    std::vector<Step> steps_;
};

}  // namespace

Result<Pattern> Pattern::parse(std::string_view text) {
    if (text.size() > pattern_length_max)
        return fail(FaultCode::invalid_input, "a pattern has up to 256 characters");
    LG_TRY(const NodePtr root, Parser(text).whole());
    Emitter emitter;
    if (!emitter.emit(*root))
        return fail(FaultCode::invalid_input, "the pattern repeats too much", std::string(text));
    return Pattern(emitter.done());
}

void Pattern::follow(std::size_t step,
                     std::vector<std::size_t>& at,
                     std::vector<bool>& seen) const {
    std::vector<std::size_t> open{step};
    while (!open.empty()) {
        const std::size_t here = open.back();
        open.pop_back();
        if (seen[here]) continue;
        seen[here] = true;
        const Step& one = steps_[here];
        if (one.kind == Step::Kind::jump || one.kind == Step::Kind::fork) open.push_back(one.to);
        if (one.kind == Step::Kind::fork) open.push_back(one.or_to);
        if (one.kind == Step::Kind::character || one.kind == Step::Kind::end) at.push_back(here);
    }
}

bool Pattern::matches(std::string_view text) const {
    std::vector<std::size_t> at;
    std::vector<bool> seen(steps_.size());
    follow(0, at, seen);
    for (const char c : text) {
        std::vector<std::size_t> next;
        seen.assign(steps_.size(), false);
        for (const std::size_t here : at)
            if (steps_[here].kind == Step::Kind::character &&
                steps_[here].characters.test(static_cast<unsigned char>(c)))
                follow(here + 1, next, seen);
        at = std::move(next);
    }
    for (const std::size_t here : at)
        if (steps_[here].kind == Step::Kind::end) return true;
    return false;
}

}  // namespace lotgate
