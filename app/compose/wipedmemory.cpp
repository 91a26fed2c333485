// SPDX-License-Identifier: MIT
// Memory is wiped before it is free. A key goes through many hands while its call begins (the request's bytes, headers,
// strings, what is written to the upstream, OpenSSL's buffers and Qt's), and each leaves a copy behind in memory that nobody
// owns any more: after a few calls a core dump of the relay held a key up to 18 times. To wipe each copy by itself would
// have to be thought of in every line, and cannot be in those of libraries; here it is done once, for all of them.
//
// The C library lets a program put its own functions in the place of free() and realloc(), for itself and the libraries
// that it uses ("Replacing malloc" in the GNU C Library's manual); what they do in the end is the library's own. It costs as
// long as it takes to clear what was used: nothing on the way of a message, which allocates nothing, but with TLS OpenSSL's
// buffers of 17 kB, which it makes and frees for each (SSL_MODE_RELEASE_BUFFERS). Linked into the
// programs, not into their tests. Elsewhere than with glibc, and under sanitizers, which do the same themselves, nothing is
// wiped.
#include <cstdlib>

#ifdef __GLIBC__
#include <algorithm>
#include <cstddef>
#include <cstring>

#include <malloc.h>

extern "C" {

// glibc's own, under the names that it exports for this purpose.
void __libc_free(void *memory); // NOLINT(bugprone-reserved-identifier)
void *__libc_realloc(void *memory, std::size_t size); // NOLINT(bugprone-reserved-identifier)

} // extern "C"

namespace {

/// Larger blocks hold messages and tables, no request's head; the largest go back to the system, which wipes them.
constexpr std::size_t mostBytes = 64 * 1024;

} // namespace

extern "C" {

void free(void *memory) noexcept
{
    if (!memory)
        return;
    explicit_bzero(memory, std::min(malloc_usable_size(memory), mostBytes));
    __libc_free(memory);
}

void *realloc(void *memory, std::size_t size) noexcept
{
    const std::size_t had = memory ? malloc_usable_size(memory) : 0;
    if (had == 0 || had > mostBytes)
        return __libc_realloc(memory, size);
    if (size != 0 && size <= had) { // stays where it is; the end may go
        explicit_bzero(static_cast<char *>(memory) + size, had - size);
        return __libc_realloc(memory, size);
    }
    // Where it moves, the library would leave the old block as it is.
    void *const grown = size == 0 ? nullptr : std::malloc(size);
    if (grown)
        std::memcpy(grown, memory, had);
    if (grown || size == 0)
        free(memory);
    return grown;
}

} // extern "C"
#endif
