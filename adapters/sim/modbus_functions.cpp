// The function codes: MODBUS Application Protocol V1.1b3, section 6.

#include "adapters/sim/big_endian.hpp"
#include "adapters/sim/modbus_server.hpp"

namespace lotgate::sim {

namespace {

constexpr char illegal_function = 1;
constexpr char illegal_address = 2;
constexpr char illegal_value = 3;

std::string exception(std::string_view pdu, char code) {
    return {static_cast<char>(byte_at(pdu, 0) | 0x80U), code};
}

Run run_at(std::string_view pdu, std::size_t at) {
    return {word_at(pdu, at), word_at(pdu, at + 2)};
}

bool is_within(Run run, unsigned most) {
    return run.count >= 1 && run.count <= most;
}

std::vector<std::uint16_t> words_from(std::string_view bytes) {
    std::vector<std::uint16_t> words;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) words.push_back(word_at(bytes, at));
    return words;
}

std::string words_answer(char function, const std::vector<std::uint16_t>& words) {
    std::string answer = {function, static_cast<char>(words.size() * 2)};
    for (const std::uint16_t word : words) put_word(answer, word);
    return answer;
}

}  // namespace

std::string ModbusServer::answer_to(std::string_view pdu) {
    if (pdu.size() < 5) return exception(pdu, pdu.size() < 2 ? illegal_function : illegal_value);
    switch (byte_at(pdu, 0)) {
        case 1:
        case 2:
            return read_bits(pdu);
        case 3:
        case 4:
            return read_words(pdu);
        case 5:
        case 6:
            return write_one(pdu);
        case 15:
            return write_bits(pdu);
        case 16:
            return write_words(pdu);
        case 23:
            return write_and_read(pdu);
        default:
            return exception(pdu, illegal_function);
    }
}

std::string ModbusServer::read_bits(std::string_view pdu) {
    const Run run = run_at(pdu, 1);
    if (pdu.size() != 5 || !is_within(run, 2000)) return exception(pdu, illegal_value);
    const auto bits = bank_.read_bits(run, byte_at(pdu, 0) == 2);
    if (!bits) return exception(pdu, illegal_address);
    std::string packed((bits->size() + 7) / 8, '\0');
    for (std::size_t bit = 0; bit < bits->size(); ++bit) {
        const unsigned mask = (*bits)[bit] ? 1U << (bit % 8) : 0U;
        packed[bit / 8] = static_cast<char>(static_cast<unsigned char>(packed[bit / 8]) | mask);
    }
    return std::string{pdu[0], static_cast<char>(packed.size())} + packed;
}

std::string ModbusServer::read_words(std::string_view pdu) {
    const Run run = run_at(pdu, 1);
    if (pdu.size() != 5 || !is_within(run, 125)) return exception(pdu, illegal_value);
    const auto words = bank_.read_words(run, byte_at(pdu, 0) == 4);
    return words ? words_answer(pdu[0], *words) : exception(pdu, illegal_address);
}

std::string ModbusServer::write_one(std::string_view pdu) {
    if (pdu.size() != 5) return exception(pdu, illegal_value);
    const std::uint16_t address = word_at(pdu, 1);
    const std::uint16_t value = word_at(pdu, 3);
    const bool is_coil = byte_at(pdu, 0) == 5;
    if (is_coil && value != 0 && value != 0xff00) return exception(pdu, illegal_value);
    const bool is_written = is_coil ? bank_.write_bits(address, {value == 0xff00})
                                    : bank_.write_words(address, {value});
    return is_written ? std::string(pdu) : exception(pdu, illegal_address);
}

std::string ModbusServer::write_bits(std::string_view pdu) {
    if (pdu.size() < 7) return exception(pdu, illegal_value);
    const Run run = run_at(pdu, 1);
    const std::size_t bytes = byte_at(pdu, 5);
    if (!is_within(run, 1968) || bytes != (run.count + 7U) / 8U || pdu.size() != 6 + bytes)
        return exception(pdu, illegal_value);
    std::vector<bool> bits;
    for (std::size_t bit = 0; bit < run.count; ++bit)
        bits.push_back((byte_at(pdu, 6 + bit / 8) >> (bit % 8) & 1U) != 0);
    if (!bank_.write_bits(run.first, bits)) return exception(pdu, illegal_address);
    return std::string(pdu.substr(0, 5));
}

std::string ModbusServer::write_words(std::string_view pdu) {
    if (pdu.size() < 8) return exception(pdu, illegal_value);
    const Run run = run_at(pdu, 1);
    const std::size_t bytes = byte_at(pdu, 5);
    if (!is_within(run, 123) || bytes != run.count * 2U || pdu.size() != 6 + bytes)
        return exception(pdu, illegal_value);
    if (!bank_.write_words(run.first, words_from(pdu.substr(6))))
        return exception(pdu, illegal_address);
    return std::string(pdu.substr(0, 5));
}

// 6.17: "The write operation is performed before the read."
std::string ModbusServer::write_and_read(std::string_view pdu) {
    if (pdu.size() < 12) return exception(pdu, illegal_value);
    const Run read = run_at(pdu, 1);
    const Run write = run_at(pdu, 5);
    const std::size_t bytes = byte_at(pdu, 9);
    if (!is_within(read, 125) || !is_within(write, 121) || bytes != write.count * 2U ||
        pdu.size() != 10 + bytes)
        return exception(pdu, illegal_value);
    // The read has effects of its own (a confirmation counts as read), so it is made once; a bad
    // read address is therefore noticed after the write.
    if (!bank_.write_words(write.first, words_from(pdu.substr(10))))
        return exception(pdu, illegal_address);
    const auto words = bank_.read_words(read, false);
    return words ? words_answer(pdu[0], *words) : exception(pdu, illegal_address);
}

}  // namespace lotgate::sim
