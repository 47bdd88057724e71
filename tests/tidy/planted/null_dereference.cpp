// The mistake that `./dev tidy` must find in a file that another one includes, before it reads any.
namespace lotgate {

int planted(bool is_given, const int& given) {
    const int* value = nullptr;
    if (is_given) value = &given;
    return *value;
}

}  // namespace lotgate
